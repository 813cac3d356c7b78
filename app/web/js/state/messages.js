/** What news of messages change in a history. */

import { summary } from "./conversations.js";
import { hearInHistory, historyOf, onNews } from "./histories.js";
import { changed, hear, isMe } from "./store.js";

const KINDS = {
  "message.created": created,
  "message.edited": edited,
  "message.withdrawn": withdrawn,
  "message.attachments_changed": developed,
  "reaction.added": reacted,
  "reaction.removed": reacted,
  "message.pinned": pinned,
  "message.unpinned": pinned,
};

for (const type of Object.keys(KINDS)) hear(type, hearInHistory);

onNews((history, event) => KINDS[event.type]?.(history, event));

/** Where the stretch ends before the newest, the message is beyond its end. */
function created(history, { message }) {
  if (history.newer || history.messages.some((one) => one.id === message.id)) return;
  if (message.reply_to) {
    history.replace(message.reply_to.id, (one) => ({ replies_count: one.replies_count + 1 }));
  }
  history.put([message]);
}

function edited(history, { message }) {
  history.replace(message.id, () => message);
  const { body } = summary(message);
  history.messages = history.messages.map((one) =>
    one.reply_to?.id === message.id ? { ...one, reply_to: { ...one.reply_to, body } } : one,
  );
}

function withdrawn(history, event) {
  edited(history, event);
  history.replace(event.message.id, () => ({ my_reactions: undefined }));
  const { replied_to } = event;
  if (replied_to) history.replace(replied_to.id, () => replied_to);
}

function developed(history, { message: { id, attachments } }) {
  history.replace(id, () => ({ attachments }));
}

function reacted(history, { type, message, emoji, user_id }) {
  history.replace(message.id, (one) => {
    if (!isMe(user_id)) return message;
    const mine = (one.my_reactions ?? []).filter((other) => other !== emoji);
    if (type === "reaction.added") mine.push(emoji);
    return { ...message, my_reactions: mine.length ? mine.sort() : undefined };
  });
}

function pinned(history, { message }) {
  history.replace(message.id, () => ({ pinned_at: message.pinned_at }));
}

/** One's own, as the server answered it: its news may come before or after. */
export function putOwn(message) {
  const history = historyOf(message.conversation_id);
  if (!history?.isLoaded || history.newer) return;
  history.put([message]);
  changed();
}
