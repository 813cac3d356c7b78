/** What stands in a history: messages, days between them, where the unread begin, and the unsent. */

import { h } from "../dom.js";
import { isMe, state } from "../state/store.js";
import { dayName, dayOf } from "../times.js";
import { messageView, pendingView } from "./message.js";
import { seenBy } from "./readers.js";

/** Messages of one person so near to each other are one run, with one name above it. */
const RUN_MS = 5 * 60_000;

/** Rows for `keep`. `before` is the message in front of the first; the unread begin after a seq. */
export function rowsOf(messages, waiting, { before, unreadAfter }) {
  const rows = [];
  let previous = before;
  const newestOfMine = messages.findLast((one) => isMine(one) && !one.withdrawn_at);
  let isMarked = unreadAfter === undefined || (before && before.seq > unreadAfter);
  for (const message of messages) {
    const isNewDay = !previous || dayOf(previous.created_at) !== dayOf(message.created_at);
    if (isNewDay) rows.push(dayRow(message.created_at));
    const isFirstUnread = !isMarked && message.seq > unreadAfter && !isMine(message);
    if (isFirstUnread) rows.push(unreadRow());
    isMarked ||= isFirstUnread;
    const isFirst = isNewDay || isFirstUnread || !isRun(previous, message);
    rows.push(messageRow(message, isFirst, message === newestOfMine ? seenBy(message) : ""));
    previous = message;
  }
  const known = new Set(messages.filter(isMine).map((one) => one.client_id));
  const unsent = waiting.filter((one) => !known.has(one.client_id));
  return [...rows, ...unsent.map((one, at) => pendingRow(one, at === 0 ? previous : one))];
}

const isMine = (message) => isMe(message.user_id);

function isRun(previous, message) {
  if (previous.user_id !== message.user_id) return false;
  return new Date(message.created_at) - new Date(previous.created_at) < RUN_MS;
}

function messageRow(message, isFirst, seen) {
  const author = state.people.get(message.user_id);
  const memo = [message, isFirst, author, seen, state.wishes.get(message.id)];
  return { key: keyOf(message), memo, make: () => messageView(message, author, isFirst, seen) };
}

/** A message that is sent has the key that it had before, and so keeps its place. */
function keyOf({ id, user_id, client_id }) {
  return isMe(user_id) && client_id ? `mine ${client_id}` : id;
}

function pendingRow(entry, previous) {
  const isFirst = previous !== entry && (!previous || !isMine(previous));
  const make = () => pendingView(entry, state.me, isFirst);
  return { key: `mine ${entry.client_id}`, memo: [entry, isFirst, state.me], make };
}

function dayRow(iso) {
  const name = dayName(iso);
  const make = () => h("li.day", h("time", { datetime: iso.slice(0, 10) }, name));
  return { key: `day ${dayOf(iso)}`, memo: [name], make };
}

function unreadRow() {
  const make = () => h("li.unread-mark", h("span", "New"));
  return { key: "unread", memo: [], make };
}
