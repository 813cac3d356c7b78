/** Times as people say them, in their own time zone. */

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const WEEKDAY = new Intl.DateTimeFormat("en", { weekday: "long" });
const DAY = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long" });
const DAY_AND_YEAR = new Intl.DateTimeFormat("en", {
  day: "numeric",
  month: "long",
  year: "numeric",
});
const SHORT = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });
const WHOLE = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

export function clock(iso) {
  return CLOCK.format(new Date(iso));
}

export function whole(iso) {
  return WHOLE.format(new Date(iso));
}

/** The same for all times of one day. */
export function dayOf(iso) {
  return new Date(iso).toDateString();
}

function daysAgo(iso) {
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate(), 12);
  return Math.round((midnight(new Date()) - midnight(new Date(iso))) / 86_400_000);
}

/** For a line between days. */
export function dayName(iso) {
  const ago = daysAgo(iso);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  const isThisYear = new Date(iso).getFullYear() === new Date().getFullYear();
  return (isThisYear ? DAY : DAY_AND_YEAR).format(new Date(iso));
}

/** For a list: as short as is clear. */
export function shortly(iso) {
  const ago = daysAgo(iso);
  if (ago <= 0) return clock(iso);
  if (ago === 1) return "Yesterday";
  return (ago < 7 ? WEEKDAY : SHORT).format(new Date(iso));
}

/** Within a sentence. */
export function since(iso) {
  const ago = daysAgo(iso);
  if (ago <= 0) return `today at ${clock(iso)}`;
  if (ago === 1) return `yesterday at ${clock(iso)}`;
  return `on ${SHORT.format(new Date(iso))}`;
}
