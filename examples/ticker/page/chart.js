// The chart, with a line for each symbol, its name at the end of the line, and a mark at each halt.

import { formatMonth, formatPrice } from "./format.js";

/* global uPlot */

const YEAR = 365 * 24 * 3600;
const LABEL_GAP = 15;

export class Chart {
  values = "growth";
  scale = "log";
  #plot = null;
  #market = null;

  constructor(box, readout) {
    this.box = box;
    this.readout = readout;
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#plot?.redraw(false));
  }

  /** Draws a market. Creates a new plot if the market is not the previous one or has new symbols. */
  draw(market) {
    const symbols = [...market.symbols.values()];
    if (market !== this.#market || this.#plot?.series.length !== symbols.length + 1) {
      this.#market = market;
      this.#rebuild();
    }
    symbols.forEach((entry, i) => {
      if (this.#plot.series[i + 1].show !== entry.visible) this.#plot.setSeries(i + 1, { show: entry.visible });
    });
    this.#plot.setData([market.months, ...symbols.map((entry) => this.#line(entry))]);
    this.#updateReadout();
  }

  /** Shows prices or growth, on a linear or a logarithmic scale. */
  show(options) {
    Object.assign(this, options);
    if (!this.#market) return;
    this.#rebuild();
    this.draw(this.#market);
  }

  #line(entry) {
    if (this.values === "price") return entry.prices;
    return entry.prices.map((price) => (price == null ? null : (price / entry.first) * 100));
  }

  #rebuild() {
    this.#plot?.destroy();
    this.box.replaceChildren();
    const symbols = [...this.#market.symbols.values()];
    const data = [this.#market.months, ...symbols.map((entry) => this.#line(entry))];
    this.#plot = new uPlot(this.#options(symbols), data, this.box);
  }

  #options(symbols) {
    const grid = { stroke: () => css("--grid"), width: 1 };
    const axis = { stroke: () => css("--muted"), font: `12px ${css("--sans")}`, grid, ticks: { show: false }, size: 44 };
    const splits = this.scale === "log" ? { splits: logSplits, filter: (_, splits) => splits } : {};
    return {
      ...this.#size(),
      padding: [8, 56, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 8 }, y: false },
      scales: { x: { range: xRange }, y: { distr: this.scale === "log" ? 3 : 1, range: yRange(this.scale) } },
      axes: [axis, { ...axis, ...splits, size: 48, values: (_, values) => values.map((value) => value.toLocaleString("en")) }],
      series: [{}, ...symbols.map(seriesOf)],
      hooks: { draw: [(plot) => this.#annotate(plot)], setCursor: [() => this.#updateReadout()] },
    };
  }

  #size() {
    const width = this.box.clientWidth;
    // Leaves room for the header and the cards.
    return { width, height: Math.max(260, Math.min(width * 0.6, innerHeight - 440)) };
  }

  #annotate(plot) {
    const ends = [];
    for (const entry of this.#market.symbols.values()) {
      const line = plot.data[entry.index + 1];
      if (!entry.visible || !line) continue;
      for (const month of entry.halts) mark(plot, plot.data[0][month], line[month]);
      const last = line.findLastIndex((value) => value != null);
      if (last >= 0) ends.push({ entry, month: plot.data[0][last], value: line[last] });
    }
    label(plot, ends);
  }

  /** Shows the values of the month under the cursor, or of the last month. */
  #updateReadout() {
    const plot = this.#plot;
    const month = plot?.cursor.idx ?? this.#market.months.length - 1;
    if (!plot || month < 0) return;
    const parts = [...this.#market.symbols.values()].filter((entry) => entry.visible && plot.data[entry.index + 1]?.[month] != null);
    this.readout.replaceChildren(readoutPart(null, formatMonth(plot.data[0][month] * 1000)));
    for (const entry of parts) {
      this.readout.append(readoutPart(entry, formatPrice(plot.data[entry.index + 1][month])));
    }
  }
}

function readoutPart(entry, text) {
  const part = document.createElement("span");
  if (entry) {
    const name = document.createElement("b");
    name.textContent = entry.name;
    name.style.color = `var(--series-${(entry.index % 5) + 1})`;
    part.append(name, " ");
  }
  part.append(text);
  return part;
}

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const seriesColor = (entry) => css(`--series-${(entry.index % 5) + 1}`);

function seriesOf(entry) {
  return { label: entry.name, stroke: () => seriesColor(entry), width: 2, points: { show: false }, show: entry.visible };
}

/** Returns a range of at least three years, so that the first months do not fill the chart. */
function xRange(_, min, max) {
  return [min, Math.max(max, min + 3 * YEAR)];
}

const yRange = (scale) => (_, min, max) => {
  if (min == null) return [1, 200];
  if (scale === "log") return [min / 1.15, max * 1.15];
  return [0, max * 1.08];
};

/** Returns the grid lines: 1, 2 and 5 times each power of ten, or all digits if the range is narrow. */
function logSplits(_, axis, min, max) {
  const digits = max / min > 10 ? [1, 2, 5] : [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const splits = [];
  for (let power = 10 ** Math.floor(Math.log10(min)); power <= max; power *= 10) {
    splits.push(...digits.map((digit) => digit * power));
  }
  return splits.filter((split) => split >= min && split <= max);
}

/** Draws a triangle above the point at which trading was halted. */
function mark(plot, month, value) {
  if (value == null) return;
  const { ctx } = plot;
  const size = 5 * devicePixelRatio;
  const x = plot.valToPos(month, "x", true);
  const y = plot.valToPos(value, "y", true) - 2 * size;
  ctx.save();
  ctx.beginPath();
  ctx.moveTo(x - size, y - size);
  ctx.lineTo(x + size, y - size);
  ctx.lineTo(x, y + size * 0.6);
  ctx.closePath();
  ctx.fillStyle = css("--down");
  ctx.strokeStyle = css("--surface");
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.stroke();
  ctx.fill();
  ctx.restore();
}

/** Draws the names of the symbols at the ends of their lines, moved apart if they would overlap. */
function label(plot, ends) {
  const { ctx } = plot;
  const gap = LABEL_GAP * devicePixelRatio;
  for (const end of ends) end.y = plot.valToPos(end.value, "y", true);
  ends.sort((a, b) => a.y - b.y);
  ctx.save();
  ctx.font = `600 ${12 * devicePixelRatio}px ${css("--sans")}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  let above = -Infinity;
  for (const { entry, month, y } of ends) {
    above = Math.max(y, above + gap);
    ctx.fillStyle = seriesColor(entry);
    ctx.fillText(entry.name, plot.valToPos(month, "x", true) + 7 * devicePixelRatio, above);
  }
  ctx.restore();
}
