/** How far one has read, and how much one has not. Servers that do not count tell no number. */

import { Refused, put } from "../api.js";
import { alter, conversation, isMuted } from "./conversations.js";
import { changed, hear, isMe, state } from "./store.js";

export function unreadOf(one) {
  return one.unread_count ?? 0;
}

/** Conversations with something new in them, but for those that are muted. */
export function countUnread() {
  const loud = [...state.conversations.values()].filter((one) => !isMuted(one));
  return loud.filter((one) => unreadOf(one) > 0).length;
}

/** The server's numbers are of a position, `seq`; whatever comes after it is counted along. */
function count(event, change) {
  alter(event.conversation_id, (known) => {
    if (known.last_read_seq === undefined || event.seq <= known.seq) return {};
    return { seq: event.seq, ...(isOthers(event.message) && change(known)) };
  });
}

const isOthers = (message) => !isMe(message.user_id);

hear("message.created", (event) => {
  const { mentions, mentions_everyone } = event.message;
  const isToMe = mentions_everyone || mentions.includes(state.me.id);
  count(event, ({ unread_count, unread_mentions }) => ({
    unread_count: unread_count + 1,
    unread_mentions: unread_mentions + Number(isToMe),
  }));
});

/** Mentions that go with it are told by themselves. */
hear("message.withdrawn", (event) =>
  count(event, ({ unread_count, last_read_seq }) =>
    event.message.seq > last_read_seq ? { unread_count: unread_count - 1 } : {},
  ),
);

/** It may come before or after the news of the conversation that it knows of. */
hear("unread.updated", ({ conversation: { id, seq }, ...numbers }) =>
  alter(id, (known) => {
    const { last_read_seq, unread_count, unread_mentions } = numbers;
    if (seq < known.seq && last_read_seq <= known.last_read_seq) return {};
    return { seq: Math.max(seq, known.seq), last_read_seq, unread_count, unread_mentions };
  }),
);

/** id -> from where on one wants it unread: looking at it does not undo that until one comes anew. */
const kept = new Map();
/** id -> how far one has said to have read. */
const said = new Map();

export const keptUnread = (id) => kept.get(id);

/** One comes anew, or answers. */
export function letRead(id) {
  kept.delete(id);
  said.delete(id);
}

/** From this message on. */
export async function markUnread({ conversation_id, seq }) {
  kept.set(conversation_id, seq);
  changed();
  try {
    await put(`/conversations/${conversation_id}/unread`, { seq });
  } catch (error) {
    letRead(conversation_id);
    throw error;
  }
}

/** One has seen everything up to here. At the end nothing is unread; before it, the news tell. */
export async function markRead(id, seq) {
  const known = conversation(id);
  if (known?.last_read_seq === undefined || kept.has(id)) return;
  if (seq <= Math.max(known.last_read_seq, said.get(id) ?? 0)) return;
  said.set(id, seq);
  const isEnd = seq >= (known.last_message?.seq ?? 0);
  if (isEnd) alter(id, () => ({ last_read_seq: seq, unread_count: 0, unread_mentions: 0 }));
  try {
    await put(`/conversations/${id}/read`, { seq });
  } catch (error) {
    if (error instanceof Refused && !error.isPassing) return;
    said.delete(id); // The next look tries again.
    if (isEnd) alter(id, () => ({ last_read_seq: known.last_read_seq }));
  }
}
