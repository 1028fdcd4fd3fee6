import { EventSource } from "eventsource";
import { record } from "./record.js";

const [url, ...types] = process.argv.slice(2);
console.log(JSON.stringify(await record(EventSource, url, types)));
