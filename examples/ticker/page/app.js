// The page. Collects the events of the connection and draws them once per animation frame.

import { Cards } from "./cards.js";
import { Chart } from "./chart.js";
import { Connection, STATES } from "./connection.js";
import { Feed } from "./feed.js";
import { formatMonth } from "./format.js";
import { EVENTS, LAST_EVENT, Market, RESYNC, Sequence } from "./market.js";
import { drawSummary } from "./summary.js";

const $ = (id) => document.getElementById(id);
const facts = $("connection");
const feed = new Feed($("feed"));
const chart = new Chart($("chart"), $("readout"));
const cards = new Cards($("cards"), $("card"), schedule);
const connection = new Connection("/events", { names: EVENTS, onState, onEvent });

let market, sequence, count, closed, lost, scheduled;

/** Begins an empty day, with an empty list. */
function begin() {
  feed.clear();
  reset();
}

function reset() {
  market = new Market();
  sequence = new Sequence();
  [count, closed] = [0, null];
  cards.clear();
  schedule();
}

function onState(state) {
  facts.dataset.state = state;
  $("state").textContent = STATES[state];
  $("open").disabled = state !== "closed";
  const isLost = state === "reconnecting" || state === "refused";
  if (isLost && !lost) feed.note(`Connection lost after event ${sequence.last}`);
  if (state === "live" && lost) feed.note(`Connected again with the ID of event ${sequence.last}`);
  if (state === "closing") feed.note("End of the stream; the browser reconnects once more and is answered with 204");
  if (state === "closed") feed.note("204 received; the browser does not reconnect");
  lost = isLost;
  schedule();
}

function onEvent(name, { data, lastEventId }) {
  const event = parse(data);
  if (name === RESYNC) return resync(event);
  // The market has opened again before the browser reconnected.
  if (closed) begin();
  if (!sequence.admit(lastEventId)) return schedule();
  count += 1;
  feed.add(sequence.last, name, event);
  if (event) market.apply(name, event);
  if (event && name === LAST_EVENT) closed = event;
  connection.ended = Boolean(closed);
  schedule();
}

/** Starts over without an ID: the server sends the day from its beginning. */
function resync(gap) {
  feed.clearEvents();
  reset();
  feed.note(`Events are missing (resync: ${gap?.reason}); the day starts over`);
  connection.open();
}

function parse(data) {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

/** Requests a draw in the next animation frame, once for all events that arrive before it. */
function schedule() {
  scheduled ??= requestAnimationFrame(() => {
    scheduled = undefined;
    draw();
  });
}

function draw() {
  feed.draw();
  cards.draw(market);
  chart.draw(market);
  drawSummary(closed);
  drawFacts();
}

function drawFacts() {
  const { last, missed, repeated } = sequence;
  facts.dataset.lastId = last || "";
  facts.dataset.count = count;
  $("count").textContent = count;
  $("last-id").textContent = last || "–";
  $("last-id").title = sequence.id;
  $("month").textContent = market.months.length ? formatMonth(market.months.at(-1) * 1000) : "–";
  const faults = [missed && `${missed} missed`, repeated && `${repeated} repeated`].filter(Boolean);
  $("sequence").textContent = faults.join(", ") || (count ? "No gap" : "–");
}

$("open").addEventListener("click", async () => {
  $("open").disabled = true;
  // If another page has opened the market already, the response is 409, and the day is under way.
  await fetch("/open", { method: "POST" }).catch(() => {});
  begin();
  connection.open();
});

for (const place of document.querySelectorAll("[data-url]")) place.textContent = location.origin + place.dataset.url;

document.addEventListener("change", ({ target }) => {
  if (target.name === "filter") $("feed").dataset.filter = target.value;
  if (target.name === "values" || target.name === "scale") chart.show({ [target.name]: target.value });
  if (target.name === "values") {
    $("chart-title").textContent = target.value === "growth" ? "Growth of 100 dollars" : "Price in dollars";
  }
});

begin();
connection.open();
