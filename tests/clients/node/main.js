// What a client package makes of a stream: `main.js CLIENT URL` prints it as one line of JSON.

const [client, url] = process.argv.slice(2);

// The type, the data and the last event ID of each event, until `closed`.
function record(EventSource) {
  return new Promise((resolve) => {
    const seen = [];
    const source = new EventSource(`${url}events`);
    for (const name of ["tick", "message", "closed"]) {
      source.addEventListener(name, (event) => {
        seen.push([event.type, event.data, event.lastEventId]);
        if (event.type === "closed") {
          source.close();
          resolve(seen);
        }
      });
    }
  });
}

// The names and IDs of all events, until the client has `full-time`. The client connects again meanwhile.
function resume(EventSource) {
  // The timers of some clients do not keep the process alive while they wait to connect again.
  setInterval(() => {}, 1000);
  return new Promise((resolve) => {
    const seen = [];
    const source = new EventSource(`${url}match`);
    for (const name of ["goal", "here", "resync", "message", "full-time"]) {
      source.addEventListener(name, (event) => {
        seen.push([event.type, event.lastEventId]);
        if (event.type === "full-time") {
          source.close();
          resolve(seen);
        }
      });
    }
  });
}

// A package for pages, which looks for one.
async function forPages() {
  globalThis.window = globalThis;
  globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
  return (await import("@microsoft/fetch-event-source")).fetchEventSource;
}

async function resumeFetchEventSource() {
  const fetchEventSource = await forPages();
  const seen = [];
  await fetchEventSource(`${url}match`, {
    onmessage({ event, id }) {
      seen.push([event, id]);
    },
    // It connects again only after an error, which is how its documentation says to do it.
    onclose() {
      if (seen.at(-1)?.[0] !== "full-time") {
        throw new Error("closed");
      }
    },
    onerror() {
      return 50;
    },
  });
  return seen;
}

async function fetchEventSource() {
  const fetchEventSource = await forPages();
  const seen = [];
  await fetchEventSource(`${url}v1/chat/completions`, {
    method: "POST",
    onmessage({ data }) {
      seen.push(data === "[DONE]" ? data : JSON.parse(data).choices[0].delta.content);
    },
    // Without this it sends the request again.
    onerror(error) {
      throw error;
    },
  });
  return seen;
}

async function openai() {
  const { OpenAI } = await import("openai");
  const client = new OpenAI({ apiKey: "none", baseURL: `${url}v1`, maxRetries: 0 });
  const messages = [{ role: "user", content: "Hi" }];
  const stream = await client.chat.completions.create({ model: "any", messages, stream: true });
  const seen = [];
  for await (const chunk of stream) {
    seen.push(chunk.choices[0].delta.content);
  }
  return seen;
}

const clients = {
  "eventsource-2": async () => record((await import("eventsource-2")).default),
  "eventsource-4": async () => record((await import("eventsource-4")).EventSource),
  "eventsource-5": async () => record((await import("eventsource-5")).EventSource),
  "fetch-event-source": fetchEventSource,
  openai,
  undici: async () => record((await import("undici")).EventSource),
  "resume eventsource-2": async () => resume((await import("eventsource-2")).default),
  "resume eventsource-4": async () => resume((await import("eventsource-4")).EventSource),
  "resume eventsource-5": async () => resume((await import("eventsource-5")).EventSource),
  "resume fetch-event-source": resumeFetchEventSource,
  "resume undici": async () => resume((await import("undici")).EventSource),
};

console.log(JSON.stringify(await clients[client]()));
process.exit(0);
