/** The page's title: how much is unread, and where one is. */

import { conversation } from "../state/conversations.js";
import { titleOf } from "../state/people.js";
import { countUnread } from "../state/reading.js";
import { openConversationId } from "../places.js";

export function showTitle() {
  const open = conversation(openConversationId());
  const unread = countUnread();
  const words = open ? `${titleOf(open)} · ChatFlow` : "ChatFlow";
  document.title = unread ? `(${unread}) ${words}` : words;
}
