// The totals of the day, shown after the market has closed.

import { direction, formatChange, formatMonth, formatPrice, plural } from "./format.js";

export function drawSummary(section, closed) {
  section.hidden = !closed;
  if (!closed) return;
  const halts = closed.totals.reduce((sum, total) => sum + total.halts, 0);
  section.querySelector("#summary-text").textContent =
    `${plural(closed.prices, "price")} of ${plural(closed.totals.length, "symbol")} until ${formatMonth(closed.date)}, ` +
    `trading halted ${plural(halts, "time")}`;
  section.querySelector("#totals").replaceChildren(...closed.totals.map(row));
}

function row(total) {
  const element = document.createElement("tr");
  const name = document.createElement("th");
  name.scope = "row";
  name.textContent = total.symbol;
  const change = cell(formatChange(total.change));
  change.dataset.direction = direction(total.change);
  const halts = cell(total.halted ? `${total.halts}, still halted` : total.halts);
  element.append(name, cell(total.prices), cell(formatPrice(total.first)), cell(formatPrice(total.last)), change, halts);
  return element;
}

function cell(text) {
  const element = document.createElement("td");
  element.textContent = text;
  return element;
}
