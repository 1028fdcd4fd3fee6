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

// A package for pages, which looks for one.
async function fetchEventSource() {
  globalThis.window = globalThis;
  globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
  const { fetchEventSource } = await import("@microsoft/fetch-event-source");
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
};

console.log(JSON.stringify(await clients[client]()));
process.exit(0);
