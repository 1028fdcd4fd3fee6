// One card per symbol: its latest price, its change, its line, and a switch for its line in the chart.

import { direction, formatChange, formatPrice } from "./format.js";

export class Cards {
  #cards = new Map();

  constructor(list, template, onToggle) {
    Object.assign(this, { list, template, onToggle });
  }

  clear() {
    this.#cards.clear();
    this.list.replaceChildren();
  }

  draw(market) {
    for (const known of market.symbols.values()) {
      let card = this.#cards.get(known.name);
      if (!card) this.#cards.set(known.name, (card = this.#add(known)));
      drawCard(card, known);
    }
  }

  #add(known) {
    const item = this.template.content.cloneNode(true).firstElementChild;
    const card = item.querySelector(".card");
    card.dataset.symbol = known.name;
    card.style.setProperty("--series", `var(--series-${(known.index % 5) + 1})`);
    card.querySelector(".symbol").textContent = known.name;
    card.title = `Show or hide ${known.name} in the chart`;
    card.addEventListener("click", () => {
      known.visible = !known.visible;
      card.ariaPressed = String(known.visible);
      this.onToggle();
    });
    this.list.append(item);
    return card;
  }
}

function drawCard(card, known) {
  card.dataset.halted = known.halted;
  card.querySelector(".badge").hidden = !known.halted;
  if (known.price === undefined) return;
  card.querySelector(".card-price").textContent = formatPrice(known.price);
  const change = card.querySelector(".card-change");
  change.textContent = formatChange(known.change);
  change.dataset.direction = direction(known.change);
  const line = sparkline(known.prices);
  card.querySelector(".spark-line").setAttribute("d", line);
  card.querySelector(".spark-fill").setAttribute("d", line && `${line}V30H0Z`);
}

/** The path of a symbol's prices in a box of 100 by 30, from its first price on. */
function sparkline(all) {
  const prices = all.filter((price) => price != null);
  if (prices.length < 2) return "";
  const low = Math.min(...prices);
  const range = Math.max(...prices) - low || 1;
  const step = 100 / (prices.length - 1);
  const points = prices.map((price, i) => `${(i * step).toFixed(2)},${(28 - ((price - low) / range) * 26).toFixed(2)}`);
  return `M${points.join("L")}`;
}
