// What the page knows of the market: the events, reduced to series that can be drawn.

/** The event types of the feed, and the one that ends it. */
export const EVENTS = ["price-moved", "trading-halted", "trading-resumed", "market-closed"];
export const LAST_EVENT = "market-closed";

export class Market {
  /** The months so far, in seconds since 1970. */
  months = [];
  /** By symbol: its values by month (null where it has none), its latest change, and whether it is halted. */
  symbols = new Map();

  apply(name, event) {
    if (name === "price-moved") this.#move(event);
    if (name === "trading-halted") this.#halt(event);
    if (name === "trading-resumed") this.#symbol(event.symbol).halted = false;
  }

  #move({ symbol, date, price, change }) {
    const month = Date.parse(date) / 1000;
    if (month !== this.months.at(-1)) this.#begin(month);
    const known = this.#symbol(symbol);
    known.prices[this.months.length - 1] = price;
    known.first ??= price;
    Object.assign(known, { price, change });
  }

  #halt({ symbol }) {
    const known = this.#symbol(symbol);
    known.halted = true;
    known.halts.push(this.months.length - 1);
  }

  #begin(month) {
    this.months.push(month);
    for (const known of this.symbols.values()) known.prices.push(null);
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

/** Watches that IDs count up by one: what a lost connection must not break. */
export class Sequence {
  last = 0;
  missed = 0;
  repeated = 0;

  /** Whether the event with this ID is the next to show; one that was shown before is not. */
  admit(id) {
    if (id <= this.last) {
      this.repeated += 1;
      return false;
    }
    this.missed += id - this.last - 1;
    this.last = id;
    return true;
  }
}
