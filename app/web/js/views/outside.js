/** Around all that is open: the title of the page, and a banner when the connection is gone. */

import { fill, h } from "../dom.js";
import { openId } from "../places.js";
import { conversation } from "../state/conversations.js";
import { countUnsent } from "../state/outbox.js";
import { titleOf } from "../state/people.js";
import { countUnread } from "../state/reading.js";
import { state } from "../state/store.js";

/** A short break is not worth a word. */
const PATIENCE_MS = 1_500;

const element = document.getElementById("banner");
let timer = null;

export function showBanner() {
  const isFine = !state.me || state.connection === "live";
  if (isFine) {
    clearTimeout(timer);
    timer = null;
    fill(element);
  } else if (state.connection === "offline" || element.childElementCount) {
    say();
  } else {
    timer ??= setTimeout(say, PATIENCE_MS);
  }
}

function say() {
  const words = sentence();
  if (element.textContent !== words) fill(element, h("p", words));
}

function sentence() {
  const unsent = countUnsent();
  const waiting = unsent
    ? ` ${unsent === 1 ? "One message waits" : `${unsent} messages wait`} to be sent.`
    : " What you write will be sent when it is back.";
  if (state.connection === "offline") return `You are offline.${waiting}`;
  return `The connection to ChatFlow is lost. Trying again …${waiting}`;
}

/** How much is unread, and where one is. */
export function showTitle() {
  const open = conversation(openId());
  const unread = countUnread();
  const words = open ? `${titleOf(open)} · ChatFlow` : "ChatFlow";
  document.title = unread ? `(${unread}) ${words}` : words;
}
