/** One's conversations, the newest first; those that were archived are apart. */

import { fill, h, keep } from "../dom.js";
import { icon, iconButton } from "../icons.js";
import { href, openId } from "../places.js";
import { isMuted, sorted } from "../state/conversations.js";
import { face, nameOf, othersIn } from "../state/people.js";
import { presenceOf } from "../state/presence.js";
import { state } from "../state/store.js";
import { conversationRow } from "./conversation_row.js";
import { openSearching, openStarting } from "./later.js";
import { leaveAccount } from "./leaving.js";

export class Sidebar {
  constructor() {
    this.me = h("a.me", { href: href("settings"), title: "Settings" });
    this.list = h("ul.conversations");
    this.archived = h("ul.conversations");
    this.archive = h("details.archive", h("summary", "Archived"), this.archived);
    this.note = h("div.note");
    const find = iconButton("search", "Search messages (press /)", openSearching);
    const start = iconButton("new", "New conversation", openStarting);
    const home = h("h1", h("a.brand", { href: href() }, "ChatFlow"));
    this.element = h(
      "nav.sidebar",
      { label: "Conversations" },
      h("header", home, h("span", find, start)),
      h("div.scroll", this.note, this.list, this.archive),
      h("footer", this.me, iconButton("out", "Sign out", leaveAccount)),
    );
  }

  render() {
    this.#showMe();
    const all = sorted();
    const archived = all.filter((one) => one.preferences.archived);
    const others = all.filter((one) => !one.preferences.archived);
    keep(this.list, others.map(row));
    keep(this.archived, archived.map(row));
    this.archive.hidden = archived.length === 0;
    this.#showNote(all.length);
  }

  #showMe() {
    if (this.shownMe === state.me) return;
    this.shownMe = state.me;
    const more = h("span.unseen", "Settings of");
    fill(this.me, more, face(state.me), h("bdi", nameOf(state.me)), icon("settings"));
  }

  #showNote(count) {
    const none = count ? "" : "You are in no conversation yet. Press + to find somebody.";
    const words = state.isListed ? none : "Loading your conversations …";
    if (this.note.textContent !== words) fill(this.note, words && h("p", words));
  }
}

function row(one) {
  const isOpen = one.id === openId();
  // The day is part of what is drawn: tomorrow "14:05" is "Yesterday".
  const day = new Date().getDate();
  const presence = one.group ? null : presenceOf(othersIn(one)[0]);
  const memo = [one, isOpen, isMuted(one), day, state.me, presence, state.typing.get(one.id)];
  return { key: one.id, memo, make: () => conversationRow(one, isOpen) };
}
