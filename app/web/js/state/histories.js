/** Messages of the conversations that were opened: one stretch of each, a page at a time. */

import { get } from "../api.js";
import { meet } from "./people.js";
import { changed, state } from "./store.js";

const PAGE = 50;

/** A stretch of the log without holes. `older` and `newer`: does it go on there? */
class History {
  constructor(id) {
    this.id = id;
    this.messages = [];
    this.older = this.newer = false;
    /** The news up to here are in it. */
    this.seq = 0;
    this.isLoaded = false;
    this.error = null;
    /** News that came while a page was under way, which may not know of them. */
    this.meanwhile = [];
    this.fetching = null;
  }

  /** One page at a time. */
  async fetch(work) {
    while (this.fetching) await this.fetching;
    this.fetching = this.#fetch(work);
    await this.fetching;
  }

  async #fetch(work) {
    this.error = null;
    try {
      await work();
    } catch (error) {
      this.error = error;
    }
    this.fetching = null;
    this.meanwhile = [];
    changed();
  }

  put(messages) {
    this.messages = merged(this.messages, messages);
  }

  replace(id, change) {
    this.messages = this.messages.map((one) => (one.id === id ? { ...one, ...change(one) } : one));
  }
}

/** In the order of the log, each once; of two copies the one that is known already. */
function merged(known, messages) {
  const ids = new Set(known.map((one) => one.id));
  const added = messages.filter((one) => !ids.has(one.id));
  if (!added.length) return known;
  return [...known, ...added].sort((one, other) => one.seq - other.seq);
}

export function historyOf(id) {
  return state.histories.get(id);
}

/** The newest page; one that is known is only shown. `listen` takes news that a page missed. */
export function open(id) {
  const history = historyOf(id) ?? new History(id);
  state.histories.set(id, history);
  if (!history.isLoaded || history.newer) return reopen(id);
  return Promise.resolve();
}

const reopened = [];

/** Called with the id of a conversation that is fetched anew, for what else is known of it. */
export function onReopen(listener) {
  reopened.push(listener);
}

/** Begin anew with the newest page. */
export function reopen(id) {
  const history = historyOf(id);
  for (const listener of reopened) listener(id);
  return history.fetch(async () => {
    const opened = await get(`/conversations/${id}`);
    meet(...opened.participants);
    history.messages = opened.messages;
    history.seq = opened.seq;
    history.older = opened.messages.length === PAGE;
    history.newer = false;
    history.atOpening = opened;
    history.isLoaded = true;
    replay(history);
  });
}

/** The same place of it anew: who has gone back to something earlier stays there. */
export async function refresh(id) {
  const history = historyOf(id);
  while (history.fetching) await history.fetching;
  if (!history.newer) return reopen(id);
  for (const listener of reopened) listener(id);
  return jump(id, history.messages[Math.floor(history.messages.length / 2)].seq);
}

export function loadOlder(id) {
  return page(
    id,
    (history) => `before=${history.messages[0].seq}`,
    (history, { length }) => {
      history.older = length === PAGE;
    },
  );
}

export function loadNewer(id) {
  return page(
    id,
    (history) => `after=${history.messages.at(-1).seq}`,
    (history, { length }) => {
      history.newer = length === PAGE;
    },
  );
}

/** Another stretch, around a place. */
export async function jump(id, seq) {
  const history = historyOf(id) ?? new History(id);
  state.histories.set(id, history);
  while (history.fetching) await history.fetching;
  return page(
    id,
    () => `around=${seq}`,
    (history, messages) => {
      const newer = messages.filter((one) => one.seq >= seq).length;
      history.messages = messages;
      history.older = messages.length - newer === PAGE / 2;
      history.newer = newer === PAGE / 2;
      history.isLoaded = true;
    },
  );
}

function page(id, query, settle) {
  const history = historyOf(id);
  if (history.fetching) return history.fetching;
  return history.fetch(async () => {
    const { messages } = await get(`/conversations/${id}/messages?limit=${PAGE}&${query(history)}`);
    if (historyOf(id) !== history) return;
    history.put(messages);
    settle(history, messages);
    replay(history);
  });
}

const listeners = [];

/** Called with a history and news of it: by messages.js, which knows what each kind changes. */
export function onNews(listener) {
  listeners.push(listener);
}

function replay(history) {
  for (const event of history.meanwhile) tell(history, event);
}

function tell(history, event) {
  for (const listener of listeners) listener(history, event);
  history.seq = Math.max(history.seq, event.seq ?? 0);
  changed();
}

/** News of a conversation; what a fetch has brought already is not to be undone. */
export function hearInHistory(event) {
  const history = historyOf(event.conversation_id);
  if (!history) return;
  if (history.fetching) history.meanwhile.push(event);
  if (history.isLoaded && event.seq > history.seq) tell(history, event);
}
