// Resolves to the events that an EventSource receives up to `closed`: the type, data and last event ID of each.
export function record(EventSource, url, types) {
  return new Promise((resolve) => {
    const seen = [];
    const source = new EventSource(url);
    for (const type of types) {
      source.addEventListener(type, (event) => {
        seen.push([event.type, event.data, event.lastEventId]);
        if (event.type === "closed") {
          source.close();
          resolve(seen);
        }
      });
    }
  });
}
