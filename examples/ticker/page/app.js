// The page. Collects the events of the connection and draws them once per animation frame.

import { Cards } from "./cards.js";
import { Chart } from "./chart.js";
import { Connection } from "./connection.js";
import { Feed } from "./feed.js";
import { formatMonth } from "./format.js";
import { EVENTS, LAST_EVENT, Market, Sequence } from "./market.js";
import { drawSummary } from "./summary.js";

const STATES = {
  connecting: "Connecting",
  live: "Live",
  reconnecting: "Lost, reconnecting",
  closing: "Closing",
  closed: "Closed",
  failed: "Refused",
};

const $ = (id) => document.getElementById(id);
const facts = $("connection");
const feed = new Feed($("feed"));
const chart = new Chart($("chart"), $("readout"));
const cards = new Cards($("cards"), $("card"), schedule);
const connection = new Connection("/events", { names: EVENTS, last: LAST_EVENT, onState, onEvent });

let market, sequence, count, closed, lost, scheduled;

function start() {
  market = new Market();
  sequence = new Sequence();
  [count, closed, lost] = [0, null, false];
  feed.clear();
  cards.clear();
  connection.open();
  schedule();
}

function onState(state) {
  facts.dataset.state = state;
  $("state").textContent = STATES[state];
  $("failed").hidden = state !== "failed";
  for (const button of document.querySelectorAll("[data-replay]")) {
    button.disabled = state !== "closed" && state !== "failed";
  }
  if (state === "reconnecting" && !lost) feed.note(`Connection lost after event ${sequence.last}`);
  if (state === "live" && lost) feed.note(`Reconnected with Last-Event-ID ${sequence.last}`);
  if (state === "closing") feed.note("End of the stream; the browser reconnects once more and is answered with 204");
  if (state === "closed") feed.note("204 received; the browser does not reconnect");
  lost = state === "reconnecting";
  schedule();
}

function onEvent(name, { data, lastEventId }) {
  if (!sequence.admit(Number(lastEventId))) return schedule();
  const event = parse(data);
  count += 1;
  feed.add(sequence.last, name, event);
  if (event) market.apply(name, event);
  if (event && name === LAST_EVENT) closed = event;
  schedule();
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
  drawSummary($("summary"), closed);
  drawFacts();
}

function drawFacts() {
  const { last, missed, repeated } = sequence;
  facts.dataset.lastId = last || "";
  facts.dataset.count = count;
  $("count").textContent = count;
  $("last-id").textContent = last || "–";
  $("month").textContent = market.months.length ? formatMonth(market.months.at(-1) * 1000) : "–";
  const faults = [missed && `${missed} missed`, repeated && `${repeated} repeated`].filter(Boolean);
  $("sequence").textContent = faults.join(", ") || (count ? "No gap" : "–");
}

for (const button of document.querySelectorAll("[data-replay]")) button.addEventListener("click", start);

document.addEventListener("change", ({ target }) => {
  if (target.name === "filter") $("feed").dataset.filter = target.value;
  if (target.name === "values" || target.name === "scale") chart.show({ [target.name]: target.value });
  if (target.name === "values") {
    $("chart-title").textContent = target.value === "growth" ? "Growth of 100 dollars" : "Price in dollars";
  }
});

start();
