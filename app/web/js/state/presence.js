/**
 * Who is here, who types, and when the others were here. News of it may be lost, so it is asked for anew with each
 * connection: of the conversation that is open, and of those of two that are on top of the list.
 */

import { get, post } from "../api.js";
import { openId } from "../places.js";
import { sorted } from "./conversations.js";
import { othersIn } from "./people.js";
import { changed, hear, isMe, state } from "./store.js";

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
  const open = openId();
  if (open !== null) await loadPresences(open);
  for (const one of sorted().slice(0, ON_TOP)) {
    if (!one.group && !state.presences.has(othersIn(one)[0]?.id)) await loadPresences(one.id);
  }
}

export function presenceOf(user) {
  return user && state.presences.get(user.id);
}

/** The server tells of it no oftener. */
const SAY_EVERY_MS = 3_000;

let said = { id: null, at: 0 };

export function sayTyping(id) {
  if (state.connection !== "live") return;
  if (said.id === id && Date.now() - said.at < SAY_EVERY_MS) return;
  said = { id, at: Date.now() };
  post(`/conversations/${id}/typing`).catch(() => {});
}

const timers = new Map();

hear("typing", ({ conversation_id, user_id, expires_in_seconds }) => {
  if (isMe(user_id)) return;
  const key = `${conversation_id} ${user_id}`;
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => stop(conversation_id, user_id), expires_in_seconds * 1_000),
  );
  const others = without(conversation_id, user_id);
  state.typing.set(
    conversation_id,
    [...others, user_id].sort((one, other) => one - other),
  );
  changed();
});

hear("message.created", ({ conversation_id, message }) => stop(conversation_id, message.user_id));

function stop(id, userId) {
  if (!state.typing.get(id)?.includes(userId)) return;
  state.typing.set(id, without(id, userId));
  changed();
}

const without = (id, userId) => (state.typing.get(id) ?? []).filter((one) => one !== userId);
