/**
 * Who is here, and when the others were. News of it may be lost, so it is asked for anew with each
 * connection: of the conversation that is open, and of those of two that are on top of the list.
 */

import { get } from "../api.js";
import { openConversationId } from "../places.js";
import { sorted } from "./conversations.js";
import { hear } from "./hearing.js";
import { othersIn } from "./people.js";
import { changed, state } from "./store.js";

const ON_TOP = 20;

/** Counts what is heard and asked, so that an old answer does not undo what was heard since. */
let turn = 0;
const heard = new Map();

export async function loadPresences(id) {
  const asked = ++turn;
  const found = await get(`/conversations/${id}/presence`).catch(() => []);
  for (const one of found)
    if (!(heard.get(one.user_id) > asked)) state.presences.set(one.user_id, one);
  changed();
}

hear("presence.changed", ({ user_id, status, last_seen_at }) => {
  heard.set(user_id, ++turn);
  state.presences.set(user_id, { user_id, status, last_seen_at });
  changed();
});

export async function refreshPresences() {
  state.presences = new Map();
  const open = openConversationId();
  if (open !== null) await loadPresences(open);
  for (const one of sorted().slice(0, ON_TOP)) {
    if (!one.group && !state.presences.has(othersIn(one)[0]?.id)) await loadPresences(one.id);
  }
}

export function presenceOf(user) {
  return user && state.presences.get(user.id);
}
