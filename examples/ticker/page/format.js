// The text for values of the feed.

const price = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const month = new Intl.DateTimeFormat("en", { month: "short", year: "numeric", timeZone: "UTC" });

export const formatPrice = (value) => price.format(value);

export const formatMonth = (date) => month.format(new Date(date));

/** Formats a change in percent, with a sign for screen readers and an arrow for the eye. */
export function formatChange(change) {
  if (change == null) return "first price";
  const arrow = change > 0 ? "▲\u00a0+" : change < 0 ? "▼\u00a0−" : "";
  return `${arrow}${price.format(Math.abs(change))}%`;
}

export const direction = (change) => (change > 0 ? "up" : change < 0 ? "down" : "flat");

export const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
