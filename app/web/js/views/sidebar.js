/** One's conversations, the newest first; those that were archived are apart. */

import { fill, h, keep } from "../dom.js";
import { icon } from "../icons.js";
import { href, openConversationId } from "../places.js";
import { isMuted, sorted } from "../state/conversations.js";
import { face, nameOf, othersIn } from "../state/people.js";
import { presenceOf } from "../state/presence.js";
import { state } from "../state/store.js";
import { iconButton } from "./dialog.js";
import { conversationRow } from "./conversation_row.js";
import { openSearching, openStarting } from "./later.js";
import { leaveAccount } from "./leaving.js";

export class Sidebar {
  constructor() {
    this.me = h("a", { class: "me", href: href("settings"), title: "Settings" });
    this.list = h("ul", { class: "conversations" });
    this.archived = h("ul", { class: "conversations" });
    this.archive = h("details", { class: "archive" }, h("summary", {}, "Archived"), this.archived);
    this.note = h("div", { class: "note" });
    this.element = h(
      "nav",
      { class: "sidebar", "aria-label": "Conversations" },
      this.#header(),
      h("div", { class: "scroll" }, this.note, this.list, this.archive),
      h("footer", {}, this.me, iconButton("out", "Sign out", leaveAccount)),
    );
  }

  #header() {
    const home = h("h1", {}, h("a", { class: "brand", href: href() }, "ChatFlow"));
    const find = iconButton("search", "Search messages (press /)", openSearching);
    return h(
      "header",
      {},
      home,
      h("span", {}, find, iconButton("new", "New conversation", openStarting)),
    );
  }

  render() {
    this.#showMe();
    const all = sorted();
    const [archived, others] = [true, false].map((is) =>
      all.filter((one) => one.preferences.archived === is),
    );
    keep(this.list, others.map(row));
    keep(this.archived, archived.map(row));
    this.archive.hidden = archived.length === 0;
    this.#showNote(all.length);
  }

  #showMe() {
    if (this.shownMe === state.me) return;
    this.shownMe = state.me;
    const more = h("span", { class: "unseen" }, "Settings of");
    fill(this.me, more, face(state.me), h("bdi", {}, nameOf(state.me)), icon("settings"));
  }

  #showNote(count) {
    const words = state.areConversationsKnown
      ? count === 0 && "You are in no conversation yet. Press + to find somebody."
      : "Loading your conversations …";
    if (this.note.textContent !== (words || "")) fill(this.note, words && h("p", {}, words));
  }
}

function row(one) {
  const isOpen = one.id === openConversationId();
  // The day is part of what is drawn: tomorrow "14:05" is "Yesterday".
  const day = new Date().getDate();
  const other = one.group ? null : othersIn(one)[0];
  const memo = [
    one,
    isOpen,
    isMuted(one),
    day,
    state.me,
    presenceOf(other),
    state.typing.get(one.id),
  ];
  return { key: one.id, memo, make: () => conversationRow(one, isOpen) };
}
