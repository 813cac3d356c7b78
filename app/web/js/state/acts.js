/** What people do to messages. All but reactions show when the news of them come. */

import { del, get, patch, put } from "../api.js";
import { leads } from "./conversations.js";
import { hear } from "./hearing.js";
import { changed, state } from "./store.js";

const path = ({ conversation_id, id }) => `/conversations/${conversation_id}/messages/${id}`;

export const edit = (message, body) => patch(path(message), { body });
export const withdraw = (message) => del(path(message));
export const listVersions = (message) => get(`${path(message)}/versions`);
export const pin = (message) => put(`${path(message)}/pin`);
export const unpin = (message) => del(`${path(message)}/pin`);

export const mayPin = (conversation) => !conversation.group || leads(conversation);

export function mayWithdraw(message, conversation) {
  return message.user_id === state.me?.id || leads(conversation);
}

/** With what one wishes and the server has not told of yet. Shape: [{emoji, count, isMine}] */
export function reactionsTo({ id, reactions, my_reactions = [] }) {
  const wished = state.wishes.get(id) ?? {};
  const shown = reactions.map(({ emoji, count }) => {
    const wasMine = my_reactions.includes(emoji);
    const isMine = wished[emoji] ?? wasMine;
    return { emoji, count: count + isMine - wasMine, isMine };
  });
  const known = new Set(reactions.map((one) => one.emoji));
  const fresh = Object.keys(wished).filter((emoji) => wished[emoji] && !known.has(emoji));
  return [...shown, ...fresh.map((emoji) => ({ emoji, count: 1, isMine: true }))].filter(
    (one) => one.count > 0,
  );
}

let last = Promise.resolve();

/** React, or take it back. One after the other, so that the last of two clicks is what holds. */
export function toggleReaction(message, emoji) {
  const isMine = reactionsTo(message).some((one) => one.emoji === emoji && one.isMine);
  wish(message.id, emoji, !isMine);
  const address = `${path(message)}/reactions/${encodeURIComponent(emoji)}`;
  const done = last.then(() => (isMine ? del(address) : put(address)));
  last = done.catch(() => wish(message.id, emoji, undefined));
  return done;
}

function wish(id, emoji, isWanted) {
  const { [emoji]: _, ...others } = state.wishes.get(id) ?? {};
  if (isWanted !== undefined) others[emoji] = isWanted;
  if (Object.keys(others).length) state.wishes.set(id, others);
  else state.wishes.delete(id);
  changed();
}

for (const type of ["reaction.added", "reaction.removed"]) {
  hear(type, ({ message, emoji, user_id }) => {
    const isAdded = type === "reaction.added";
    if (user_id !== state.me?.id || state.wishes.get(message.id)?.[emoji] !== isAdded) return;
    wish(message.id, emoji, undefined);
  });
}
