// The connection of a page to its event stream. EventSource reconnects by itself, and sends the last event ID.

/**
 * The states of a connection, with their texts:
 * - `connecting`: the browser connects for the first time;
 * - `live`: the connection is open;
 * - `reconnecting`: the connection is lost, and the browser tries again;
 * - `refused`: the response was not an event stream. The browser has given up, and the page tries again;
 * - `closing`: the last event has arrived, and the server answers the next attempt with 204;
 * - `closed`: the browser has received the 204, or the page has closed the connection.
 */
export const STATES = {
  connecting: "Connecting",
  live: "Live",
  reconnecting: "Lost, reconnecting",
  refused: "Refused, retrying",
  closing: "Closing",
  closed: "Closed",
};

/** The time in milliseconds after which the page tries again where the browser has given up. */
const RETRY = 3000;

export class Connection {
  #source = null;
  #timer;
  #lastId = "";

  /** Whether the last event has arrived. The page sets it. */
  ended = false;

  /** `names` are the event names to listen to. */
  constructor(url, { names, onState, onEvent }) {
    Object.assign(this, { url, names, onState, onEvent });
  }

  /** Connects without an ID, so that the stream starts over. */
  open() {
    this.close();
    this.#lastId = "";
    this.ended = false;
    this.onState("connecting");
    this.#connect(this.url);
  }

  close() {
    clearTimeout(this.#timer);
    this.#source?.close();
  }

  #connect(url) {
    const source = new EventSource(url);
    source.onopen = () => this.onState("live");
    source.onerror = () => this.#lost();
    for (const name of this.names) {
      source.addEventListener(name, (message) => {
        // Empty in a new source until an event has an ID.
        this.#lastId = message.lastEventId || this.#lastId;
        this.onEvent(name, message);
      });
    }
    this.#source = source;
  }

  #lost() {
    const stopped = this.#source.readyState === EventSource.CLOSED;
    if (this.ended) return this.onState(stopped ? "closed" : "closing");
    if (!stopped) return this.onState("reconnecting");
    this.onState("refused");
    // A script cannot set the header `Last-Event-ID`, but the server reads this parameter too.
    const query = this.#lastId && `?lastEventId=${encodeURIComponent(this.#lastId)}`;
    this.#timer = setTimeout(() => this.#connect(this.url + query), RETRY);
  }
}
