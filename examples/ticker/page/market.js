// The state of the market: the events, reduced to series that can be drawn.

/** The event names of the feed, the name of the event that ends it, and that of the report of missing events. */
export const EVENTS = ["price-moved", "trading-halted", "trading-resumed", "market-closed", "resync"];
export const LAST_EVENT = "market-closed";
export const RESYNC = "resync";

export class Market {
  /** The months so far, in seconds since 1970. */
  months = [];
  /** By symbol: its price in each month (null if it has none), its latest change, and whether it is halted. */
  symbols = new Map();

  apply(name, event) {
    if (name === "price-moved") this.#move(event);
    if (name === "trading-halted") this.#halt(event);
    if (name === "trading-resumed") this.#symbol(event.symbol).halted = false;
  }

  #move({ symbol, date, price, change }) {
    const month = Date.parse(date) / 1000;
    if (month !== this.months.at(-1)) this.#begin(month);
    const entry = this.#symbol(symbol);
    entry.prices[this.months.length - 1] = price;
    entry.first ??= price;
    Object.assign(entry, { price, change });
  }

  #halt({ symbol }) {
    const entry = this.#symbol(symbol);
    entry.halted = true;
    entry.halts.push(this.months.length - 1);
  }

  #begin(month) {
    this.months.push(month);
    for (const entry of this.symbols.values()) entry.prices.push(null);
  }

  #symbol(name) {
    if (!this.symbols.has(name)) {
      const prices = Array(this.months.length).fill(null);
      const index = this.symbols.size;
      this.symbols.set(name, { name, index, prices, halts: [], halted: false, visible: true });
    }
    return this.symbols.get(name);
  }
}

/** Checks that event IDs count up by one, also across a lost connection. An ID is `epoch-number`. */
export class Sequence {
  id = "";
  last = 0;
  missed = 0;
  repeated = 0;

  /** Records an event ID. Returns whether the event is new; one that was shown before is not. */
  admit(id) {
    const number = Number(id.split("-").at(-1));
    // The first number is the place of the day in the log of the server.
    const isFirst = this.id === "";
    if (!isFirst && number <= this.last) {
      this.repeated += 1;
      return false;
    }
    if (!isFirst) this.missed += number - this.last - 1;
    [this.id, this.last] = [id, number];
    return true;
  }
}
