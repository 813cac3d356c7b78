/** A conversation: its name, its messages, and where one writes. */

import { fill, h, say } from "../dom.js";
import { icon, iconButton } from "../icons.js";
import { go, href, replace, wantedSeq } from "../places.js";
import { conversation } from "../state/conversations.js";
import { historyOf, open } from "../state/histories.js";
import { faceOf, nameOf, othersIn, titleOf } from "../state/people.js";
import { loadPresences } from "../state/presence.js";
import { state } from "../state/store.js";
import { Composer } from "./composer.js";
import { problem } from "./empty.js";
import { openPins } from "./later.js";
import { presenceWords, typingWords, withDot } from "./presence.js";
import { Timeline } from "./timeline.js";

export class Conversation {
  constructor(id) {
    this.id = id;
    this.composer = new Composer(id, () => this.timeline.toEnd());
    const { composer } = this;
    this.timeline = new Timeline(id, {
      reply: (message) => composer.reply(message),
      edit: (message) => composer.edit(message),
    });
    this.typing = h("p.typing");
    this.face = h("div");
    this.names = h("div.names");
    this.body = h("div.conversation-body", this.timeline.element);
    this.parts = [this.#header(), this.body, this.typing, composer.element];
    this.element = h("section.conversation", ...this.parts);
    composer.files.listenTo(this.element);
    this.isGone = false;
    open(id);
    if (state.connection === "live") loadPresences(id);
  }

  #header() {
    const show = (seq) => this.timeline.show(seq);
    const details = { href: href("conversations", this.id, "details"), title: "Details" };
    return h(
      "header.head",
      iconButton("back", "Back to all conversations", () => go(), "only-narrow"),
      this.face,
      this.names,
      iconButton("pin", "Pinned messages", () => openPins(this.id, show)),
      h("a.icon-button", { ...details, label: "Details" }, icon("more")),
    );
  }

  arrive() {
    this.composer.focus();
  }

  render() {
    const known = conversation(this.id);
    const history = historyOf(this.id);
    if (state.isListed && !known && history?.error?.status === 404) {
      replace(); // It is gone, or it never was one's own.
      return;
    }
    this.#turn(Boolean(this.title && !known));
    if (this.isGone) return;
    if (known) this.#showHeader(known);
    say(this.typing, typingWords(this.id));
    this.#showBody(history);
    this.#goToWanted();
    this.timeline.render();
    this.composer.render();
  }

  /** One has left, or come again. */
  #turn(isGone) {
    if (isGone === this.isGone) return;
    this.isGone = isGone;
    const words = { message: `You are no longer in “${this.title}”.` };
    fill(this.element, ...(isGone ? [problem(words)] : this.parts));
    if (!isGone) open(this.id);
  }

  #showBody(history) {
    const error = history && !history.isLoaded && history.error;
    const { element } = this.timeline;
    if (error)
      fill(
        this.body,
        problem(error, () => open(this.id)),
      );
    else if (!element.isConnected) fill(this.body, element);
  }

  #goToWanted() {
    const seq = wantedSeq();
    if (seq === this.wanted) return;
    this.wanted = seq;
    if (seq !== null) this.timeline.show(seq);
  }

  #showHeader(known) {
    const presence = presenceWords(known);
    const memo = [known, presence];
    if (this.shown?.every((value, at) => value === memo[at])) return;
    this.shown = memo;
    this.title = titleOf(known);
    this.timeline.name(this.title);
    this.composer.name(this.title);
    const [other] = othersIn(known);
    fill(this.face, withDot(faceOf(known), known.group ? null : other));
    const about = [people(known, other), presence].filter(Boolean).join(" · ");
    fill(this.names, h("h1", { dir: "auto" }, this.title), h("p", about));
  }

  close() {
    this.timeline.close();
  }
}

function people(known, other) {
  if (!known.group) return other?.username ? `@${other.username}` : "";
  const others = othersIn(known);
  const names = others.slice(0, 5).map(nameOf).join(", ");
  return `${known.users.length} people: you, ${names}${others.length > 5 ? ", …" : ""}`;
}
