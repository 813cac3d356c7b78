/** Times as people say them, in their own time zone. */

const format = (options, language) => {
  const { format } = new Intl.DateTimeFormat(language, options);
  return (iso) => format(new Date(iso));
};

export const clock = format({ hour: "2-digit", minute: "2-digit" });
export const whole = format({ dateStyle: "full", timeStyle: "short" });
const weekday = format({ weekday: "long" }, "en");
const day = format({ weekday: "long", day: "numeric", month: "long" }, "en");
const dayAndYear = format({ day: "numeric", month: "long", year: "numeric" }, "en");
const short = format({ day: "numeric", month: "short" }, "en");

/** The same for all times of one day. */
export function dayOf(iso) {
  return new Date(iso).toDateString();
}

function daysAgo(iso) {
  const noon = (time) => new Date(time).setHours(12, 0, 0, 0);
  return Math.round((noon(Date.now()) - noon(iso)) / 86_400_000);
}

/** For a line between days. */
export function dayName(iso) {
  const ago = daysAgo(iso);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  const isThisYear = new Date(iso).getFullYear() === new Date().getFullYear();
  return (isThisYear ? day : dayAndYear)(iso);
}

/** For a list: as short as is clear. */
export function shortly(iso) {
  const ago = daysAgo(iso);
  if (ago <= 0) return clock(iso);
  if (ago === 1) return "Yesterday";
  return (ago < 7 ? weekday : short)(iso);
}

/** Within a sentence. */
export function since(iso) {
  const ago = daysAgo(iso);
  if (ago <= 0) return `today at ${clock(iso)}`;
  return ago === 1 ? `yesterday at ${clock(iso)}` : `on ${short(iso)}`;
}
