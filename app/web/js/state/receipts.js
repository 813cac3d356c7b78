/** Who has read how far, of those who let others know. */

import { get } from "../api.js";
import { onReopen } from "./histories.js";
import { changed, hear, isMe, state } from "./store.js";

/** conversation id -> news that came while it was asked for. */
const asked = new Map();

/** A server, or a moment, that cannot tell leaves it unknown. */
async function load(id) {
  const meanwhile = [];
  asked.set(id, meanwhile);
  const answer = await get(`/conversations/${id}/receipts`).catch(() => null);
  if (asked.get(id) !== meanwhile) return;
  asked.delete(id);
  if (!answer) return;
  const of = new Map(answer.receipts.map((one) => [one.user_id, one]));
  state.receipts.set(id, { seq: answer.seq, of });
  for (const event of meanwhile) take(event);
  changed();
}

onReopen(load);

function take(event) {
  asked.get(event.conversation_id)?.push(event);
  const known = state.receipts.get(event.conversation_id);
  if (!known || event.seq <= known.seq) return;
  const of = new Map(known.of);
  for (const one of event.receipts ?? []) of.set(one.user_id, one);
  if (event.type === "receipts.removed") of.delete(event.user_id);
  state.receipts.set(event.conversation_id, { seq: event.seq, of });
  changed();
}

hear("receipts.updated", take);
hear("receipts.removed", take);

/** The others who have read a message, the first who did first. */
export function readersOf({ conversation_id, seq, user_id }) {
  const known = state.receipts.get(conversation_id);
  if (!known) return [];
  const readers = [...known.of.values()].filter(
    (one) => one.read_seq >= seq && one.user_id !== user_id && !isMe(one.user_id),
  );
  return readers.sort((one, other) => (one.read_at < other.read_at ? -1 : 1));
}
