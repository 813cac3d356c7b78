/** Says in words what is above a history, and what has come to it for those who cannot see it. */

import { announce } from "../dom.js";
import { nameById } from "../state/people.js";
import { isMe } from "../state/store.js";

export function wordsAbove(history) {
  if (!history?.isLoaded) return "Loading messages …";
  if (history.error) return history.error.message;
  if (history.older) return "Loading older messages …";
  if (history.messages.length) return "This is where it began.";
  return "Nothing has been said yet. Say hello!";
}

const newestOf = ({ messages }) => messages.at(-1)?.seq ?? 0;

/** Called with the history whenever it may have changed. */
export function announcer(history) {
  let newest = newestOf(history);
  return (now) => {
    if (now.newer || newestOf(now) <= newest) return;
    newest = newestOf(now);
    const { user_id, body } = now.messages.at(-1);
    if (!isMe(user_id)) announce(`${nameById(user_id)}: ${body || "Sent a file"}`);
  };
}
