// The totals of the day, below the chart, after the market has closed.

import { direction, formatChange, formatMonth, formatPrice, plural } from "./format.js";

export function drawSummary(closed) {
  const $ = (id) => document.getElementById(id);
  $("totals-table").hidden = !closed;
  $("summary-text").textContent = closed ? sentence(closed) : "The market is open.";
  $("totals").replaceChildren(...(closed?.totals.map(row) ?? []));
}

function sentence({ prices, totals, date }) {
  const halts = totals.reduce((sum, total) => sum + total.halts, 0);
  const counts = `${plural(prices, "price")} of ${plural(totals.length, "symbol")}`;
  return `${counts} until ${formatMonth(date)}, trading halted ${plural(halts, "time")}`;
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
