// The list of events, newest first.

import { direction, formatChange, formatMonth, formatPrice, plural } from "./format.js";

const TEXTS = {
  "price-moved": (event) => [strong(event.symbol), formatPrice(event.price), change(event.change)],
  "trading-halted": (event) => [strong(event.symbol), "halted at", formatPrice(event.price), change(event.change)],
  "trading-resumed": (event) => [
    strong(event.symbol),
    "resumes at",
    formatPrice(event.price),
    `after ${formatMonth(event.halted)}`,
  ],
  "market-closed": (event) => [`${plural(event.prices, "price")} of ${plural(event.totals.length, "symbol")}`],
};

export class Feed {
  #pending = [];

  constructor(list) {
    this.list = list;
  }

  clear() {
    this.#pending = [];
    this.list.replaceChildren();
  }

  /** Removes the events, but not the notes. */
  clearEvents() {
    this.draw();
    for (const row of this.list.querySelectorAll("[data-event]")) row.remove();
  }

  /** Adds an event, which the next `draw` shows. */
  add(id, name, event) {
    const row = document.createElement("li");
    row.dataset.id = id;
    row.dataset.event = name;
    const texts = event ? TEXTS[name](event) : ["data is not JSON"];
    row.append(span("row-id", id), span("row-name", name), span("row-text", ...texts));
    if (event) row.append(span("row-date", formatMonth(event.date)));
    this.#pending.push(row);
  }

  /** Adds a note of the page, between the events. */
  note(text) {
    const row = document.createElement("li");
    row.className = "note";
    row.append(text);
    this.#pending.push(row);
  }

  draw() {
    if (this.#pending.length === 0) return;
    this.list.prepend(...this.#pending.reverse());
    this.#pending = [];
  }
}

function span(name, ...parts) {
  const element = document.createElement("span");
  element.className = name;
  element.append(...parts.flatMap((part, i) => (i ? [" ", part] : [part])));
  return element;
}

function strong(text) {
  const element = document.createElement("strong");
  element.textContent = text;
  return element;
}

function change(value) {
  const element = span("change", formatChange(value));
  element.dataset.direction = direction(value);
  return element;
}
