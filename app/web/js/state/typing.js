/** Who types, and telling that one does. */

import { post } from "../api.js";
import { hear } from "./hearing.js";
import { changed, state } from "./store.js";

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
  if (user_id === state.me?.id) return;
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
