/** What people do to messages. All but reactions show when the news of them come. */

import { del, get, patch, put } from "../api.js";
import { leads } from "./conversations.js";
import { onReopen } from "./histories.js";
import { changed, hear, isMe, state } from "./store.js";

const path = ({ conversation_id, id }) => `/conversations/${conversation_id}/messages/${id}`;

export const edit = (message, body) => patch(path(message), { body });
export const withdraw = (message) => del(path(message));
export const listVersions = (message) => get(`${path(message)}/versions`);
export const pin = (message) => put(`${path(message)}/pin`);
export const unpin = (message) => del(`${path(message)}/pin`);

export const mayPin = (conversation) => !conversation.group || leads(conversation);

export function mayWithdraw(message, conversation) {
  return isMe(message.user_id) || leads(conversation);
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

hear("reaction.added reaction.removed", ({ type, message, emoji, user_id }) => {
  const isAdded = type === "reaction.added";
  if (!isMe(user_id) || state.wishes.get(message.id)?.[emoji] !== isAdded) return;
  wish(message.id, emoji, undefined);
});

/** conversation id -> its newest question for what is pinned there, while somebody looks at it. */
const asked = new Map();

export async function loadPins(id) {
  const mine = Symbol(id);
  asked.set(id, mine);
  const pins = await get(`/conversations/${id}/pins`);
  if (asked.get(id) !== mine) return; // It is asked for anew, or nobody looks any more.
  state.pins.set(id, pins);
  changed();
}

export function forgetPins(id) {
  asked.delete(id);
  state.pins.delete(id);
}

/** The news tells less than is shown. */
hear("message.pinned message.unpinned message.edited message.withdrawn", ({ conversation_id }) =>
  loadAgain(conversation_id),
);

onReopen(loadAgain);

function loadAgain(id) {
  if (asked.has(id)) loadPins(id).catch(() => {});
}
