/** What this page knows, which news changes what of it, and who is told then. */

export const state = fresh();

function fresh() {
  return {
    /** Oneself, as `GET /users/me`; undefined until that is known, null when signed out. */
    me: undefined,
    /** id -> user: everybody one has heard of. */
    people: new Map(),
    /** id -> as listed by `GET /conversations`. Whatever changes is a new object. */
    conversations: new Map(),
    isListed: false,
    /** id -> History (histories.js), of the conversations that were opened. */
    histories: new Map(),
    /** message id -> {emoji: does one want it?}, until the news of it: what one sees at once. */
    wishes: new Map(),
    /** conversation id -> PinOut[], while somebody looks at them. */
    pins: new Map(),
    /** conversation id -> {seq, of: user id -> receipt}, of those that were opened. */
    receipts: new Map(),
    /** user id -> {status, last_seen_at}: of whom that is known. */
    presences: new Map(),
    /** conversation id -> ids of those who type. */
    typing: new Map(),
    /** id of a conversation -> uploads (uploads.js). */
    uploads: new Map(),
    /** "connecting" | "live" | "waiting" | "offline" */
    connection: "connecting",
  };
}

export const isMe = (id) => id === state.me?.id;

/** Of the one who was signed in nothing stays. */
export function forgetEverything() {
  Object.assign(state, fresh());
  changed();
}

const listeners = new Set();
let isTelling = false;

/** Answers how to stop listening. */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** All changes of one turn are told of once. */
export function changed() {
  if (isTelling) return;
  isTelling = true;
  queueMicrotask(() => {
    isTelling = false;
    for (const listener of [...listeners]) listener();
  });
}

/** Kinds of news that nobody hears are ignored: newer servers say more. */
const hearers = new Map();

/** `types` with spaces between them; `hearer` is called with the event, as it was sent. */
export function hear(types, hearer) {
  for (const type of types.split(" ")) hearers.set(type, [...(hearers.get(type) ?? []), hearer]);
}

/** A mistake of one of them is told to the browser, and keeps no news from the others. */
export function apply(event) {
  for (const hearer of hearers.get(event.type) ?? []) {
    try {
      hearer(event);
    } catch (error) {
      reportError(error);
    }
  }
}
