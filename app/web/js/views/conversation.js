/** A conversation: its name, its messages, and where one writes. */

import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { go, href, replace, wantedSeq } from "../places.js";
import { conversation } from "../state/conversations.js";
import { historyOf, open } from "../state/histories.js";
import { faceOfConversation, nameOf, othersIn, titleOf } from "../state/people.js";
import { loadPresences } from "../state/presence.js";
import { state } from "../state/store.js";
import { Composer } from "./composer.js";
import { iconButton } from "./dialog.js";
import { problem } from "./empty.js";
import { openPins } from "./later.js";
import { presenceWords, typingWords, withDot } from "./presence.js";
import { Timeline } from "./timeline.js";

export class Conversation {
  constructor(id) {
    this.id = id;
    this.composer = new Composer(id, () => this.timeline.toEnd());
    const doing = (what) => (message) => this.composer[what](message);
    this.timeline = new Timeline(id, { reply: doing("reply"), edit: doing("edit") });
    this.typing = h("p", { class: "typing" });
    this.face = h("div");
    this.names = h("div", { class: "names" });
    this.body = h("div", { class: "conversation-body" }, this.timeline.element);
    this.parts = [this.#header(), this.body, this.typing, this.composer.element];
    this.element = h("section", { class: "conversation" }, ...this.parts);
    this.composer.files.listenTo(this.element);
    this.isGone = false;
    open(id);
    if (state.connection === "live") loadPresences(id);
  }

  #header() {
    const show = (seq) => this.timeline.show(seq);
    const details = {
      href: href("conversations", this.id, "details"),
      title: "Details",
      "aria-label": "Details",
    };
    return h(
      "header",
      { class: "head" },
      iconButton("back", "Back to all conversations", () => go(), "only-narrow"),
      this.face,
      this.names,
      iconButton("pin", "Pinned messages", () => openPins(this.id, show)),
      h("a", { class: "icon-button", ...details }, icon("more")),
    );
  }

  arrive() {
    this.composer.focus();
  }

  render() {
    const known = conversation(this.id);
    const history = historyOf(this.id);
    if (state.areConversationsKnown && !known && history?.error?.status === 404) {
      replace(); // It is gone, or it never was one's own.
      return;
    }
    const isGone = Boolean(this.title && !known);
    if (isGone !== this.isGone) this.#turn(isGone);
    if (isGone) return;
    this.#showHeader(known);
    const typing = typingWords(this.id);
    if (this.typing.textContent !== typing) this.typing.textContent = typing;
    const error = history && !history.isLoaded && history.error;
    if (error)
      fill(
        this.body,
        problem(error, () => open(this.id)),
      );
    else if (!this.timeline.element.isConnected) fill(this.body, this.timeline.element);
    this.#goToWanted();
    this.timeline.render();
    this.composer.render();
  }

  #goToWanted() {
    const seq = wantedSeq();
    if (seq === this.wanted) return;
    this.wanted = seq;
    if (seq !== null) this.timeline.show(seq);
  }

  /** One has left, or come again. */
  #turn(isGone) {
    this.isGone = isGone;
    if (!isGone) {
      fill(this.element, ...this.parts);
      open(this.id);
      return;
    }
    fill(this.element, problem({ message: `You are no longer in “${this.title}”.` }));
  }

  #showHeader(known) {
    if (!known) return;
    const other = known.group ? null : othersIn(known)[0];
    const memo = [known, presenceWords(known)];
    if (memo.every((value, at) => value === this.shown?.[at])) return;
    this.shown = memo;
    const title = titleOf(known);
    this.title = title;
    this.timeline.name(title);
    this.composer.name(title);
    fill(this.face, withDot(faceOfConversation(known), other));
    fill(this.names, h("h1", { dir: "auto" }, title), h("p", {}, about(known)));
  }

  close() {
    this.timeline.close();
    this.composer.close();
  }
}

function about(known) {
  return [people(known), presenceWords(known)].filter(Boolean).join(" · ");
}

function people(known) {
  const others = othersIn(known);
  if (!known.group) return others[0]?.username ? `@${others[0].username}` : "";
  const names = others.slice(0, 5).map(nameOf).join(", ");
  return `${known.users.length} people: you, ${names}${others.length > 5 ? ", …" : ""}`;
}
