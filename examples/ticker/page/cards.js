// One card per symbol, with its latest price, its change and its sparkline.
// A click shows or hides its line in the chart.

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
    for (const entry of market.symbols.values()) {
      let card = this.#cards.get(entry.name);
      if (!card) this.#cards.set(entry.name, (card = this.#add(entry)));
      drawCard(card, entry);
    }
  }

  #add(entry) {
    const item = this.template.content.cloneNode(true).firstElementChild;
    const card = item.querySelector(".card");
    card.dataset.symbol = entry.name;
    card.style.setProperty("--series", `var(--series-${(entry.index % 5) + 1})`);
    card.querySelector(".symbol").textContent = entry.name;
    card.title = `Show or hide ${entry.name} in the chart`;
    card.addEventListener("click", () => {
      entry.visible = !entry.visible;
      card.ariaPressed = String(entry.visible);
      this.onToggle();
    });
    this.list.append(item);
    return card;
  }
}

function drawCard(card, entry) {
  card.dataset.halted = entry.halted;
  card.querySelector(".badge").hidden = !entry.halted;
  if (entry.price === undefined) return;
  card.querySelector(".card-price").textContent = formatPrice(entry.price);
  const change = card.querySelector(".card-change");
  change.textContent = formatChange(entry.change);
  change.dataset.direction = direction(entry.change);
  const line = sparkline(entry.prices);
  card.querySelector(".spark-line").setAttribute("d", line);
  card.querySelector(".spark-fill").setAttribute("d", line && `${line}V30H0Z`);
}

/** Returns the SVG path of a symbol's prices in a box of 100 by 30, beginning with its first price. */
function sparkline(all) {
  const prices = all.filter((price) => price != null);
  if (prices.length < 2) return "";
  const low = Math.min(...prices);
  const range = Math.max(...prices) - low || 1;
  const step = 100 / (prices.length - 1);
  const points = prices.map((price, i) => `${(i * step).toFixed(2)},${(28 - ((price - low) / range) * 26).toFixed(2)}`);
  return `M${points.join("L")}`;
}
