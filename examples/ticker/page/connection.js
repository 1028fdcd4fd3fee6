// The connection to the feed. EventSource reconnects by itself and sends the last event ID.

/**
 * The states of a connection:
 * - `connecting`: the browser connects for the first time;
 * - `live`: the connection is open;
 * - `reconnecting`: the connection is lost, and the browser tries again;
 * - `closing`: the closing event has arrived, and the server answers the next attempt with 204;
 * - `closed`: the browser has received the 204, and does not reconnect;
 * - `failed`: the server has refused the connection, and the browser does not reconnect.
 */
export class Connection {
  #source = null;
  #ended = false;

  /** `names` are the event names to listen to; `last` is the name of the event that ends the feed. */
  constructor(url, { names, last, onState, onEvent }) {
    Object.assign(this, { url, names, last, onState, onEvent });
  }

  /** Connects without a last event ID, so that the feed begins with its first event. */
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
