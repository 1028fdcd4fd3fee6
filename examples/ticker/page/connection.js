// The browser's own EventSource: it reconnects by itself, and sends the last event ID when it does.

/**
 * The states of a connection:
 * - `connecting`: the first attempt;
 * - `live`: events arrive;
 * - `reconnecting`: lost, and the browser tries again;
 * - `closing`: the closing event came, and the browser's next attempt will be answered with 204;
 * - `closed`: that answer came, and the browser has stopped;
 * - `failed`: the server refused, and the browser has stopped.
 */
export class Connection {
  #source = null;
  #ended = false;

  /** `names` are the event types to listen to; `last` is the one that ends the feed. */
  constructor(url, { names, last, onState, onEvent }) {
    Object.assign(this, { url, names, last, onState, onEvent });
  }

  /** Connects without a last event ID, from the start of the feed. */
  open() {
    this.#source?.close();
    this.#ended = false;
    const source = new EventSource(this.url);
    source.onopen = () => this.onState("live");
    source.onerror = () => this.onState(this.#lost());
    for (const name of this.names) {
      source.addEventListener(name, (message) => {
        this.#ended ||= name === this.last;
        this.onEvent(name, message);
      });
    }
    this.#source = source;
    this.onState("connecting");
  }

  #lost() {
    const stopped = this.#source.readyState === EventSource.CLOSED;
    if (this.#ended) return stopped ? "closed" : "closing";
    return stopped ? "failed" : "reconnecting";
  }
}
