/** What this browser keeps for an account. Where it may keep nothing, all goes on without. */

const PREFIX = "chatflow.";

/** Full, or forbidden: then it lasts as long as the page. */
function attempt(act, otherwise) {
  try {
    return act();
  } catch {
    return otherwise;
  }
}

export const recall = (name) =>
  attempt(() => JSON.parse(localStorage.getItem(PREFIX + name)), null);

export const remember = (name, value) =>
  attempt(() => localStorage.setItem(PREFIX + name, JSON.stringify(value)));

export const forget = (name) => attempt(() => localStorage.removeItem(PREFIX + name));

/** Called with the name of what another tab of this browser has changed. */
export function whenChanged(listener) {
  addEventListener("storage", ({ key }) => {
    if (key?.startsWith(PREFIX)) listener(key.slice(PREFIX.length));
  });
}

/** All names that begin so. */
export function names(beginning) {
  const keys = attempt(() => Object.keys(localStorage), []);
  const mine = keys.filter((key) => key.startsWith(PREFIX + beginning));
  return mine.map((key) => key.slice(PREFIX.length));
}
