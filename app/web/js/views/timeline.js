/** The messages of a conversation: drawn as one scrolls, and read as one sees them. */

import { h, keep, say } from "../dom.js";
import { iconButton } from "../icons.js";
import { historyOf, jump, loadNewer, loadOlder, open } from "../state/histories.js";
import { conversation } from "../state/conversations.js";
import { outboxOf } from "../state/outbox.js";
import { keptUnread, letRead, markRead } from "../state/reading.js";
import { Acting } from "./acting.js";
import { RowFocus } from "./row_focus.js";
import { rowsOf } from "./rows.js";
import { Scrolling } from "./scrolling.js";
import { announcer, wordsAbove } from "./telling.js";
import { Window } from "./window.js";

export class Timeline {
  /** `doing`: what else may be done with a message, see acting.js. */
  constructor(id, doing) {
    this.id = id;
    letRead(id);
    this.window = new Window(id);
    this.isAtEnd = true;
    this.list = h("ol.messages");
    this.status = h("p.note");
    this.focus = new RowFocus(this.list);
    const show = (seq) => this.show(seq);
    this.acting = new Acting(id, this.list, this.focus, { ...doing, show });
    const listen = { onscroll: () => this.#scrolled(), onpointerleave: () => this.acting.hide() };
    const region = { tabindex: 0, role: "region", ...listen };
    this.scroller = h("div.scroller", region, this.status, this.list, this.acting.bar);
    this.scrolling = new Scrolling(this.scroller, this.list);
    this.jump = iconButton("down", "Jump to the newest", () => this.toEnd(), "jump");
    this.jump.hidden = true;
    this.element = h("div.timeline", this.scroller, this.jump);
    this.#watch();
  }

  #watch() {
    this.resizing = new ResizeObserver(() => this.isAtEnd && this.scrolling.toEnd());
    this.resizing.observe(this.list);
    this.resizing.observe(this.scroller);
    this.looking = new AbortController();
    addEventListener("focus", () => this.#look(), { signal: this.looking.signal });
  }

  name(title) {
    this.scroller.ariaLabel = `Messages with ${title}`;
  }

  close() {
    this.resizing.disconnect();
    this.looking.abort();
  }

  render() {
    const history = historyOf(this.id);
    say(this.status, wordsAbove(history));
    if (!history?.isLoaded || this.isGoing) return;
    if (!this.tell && this.#begin(history)) return;
    this.tell(history);
    this.#draw();
    this.#look();
    this.#fillEdges();
  }

  /** At the first that is unread; answers whether there is any. */
  #begin(history) {
    this.tell = announcer(history);
    const { last_read_seq, unread_count } = { ...history.atOpening, ...conversation(this.id) };
    if (!unread_count || this.wasShown) return false;
    this.unreadAfter = last_read_seq;
    this.#land(last_read_seq + 1);
    return true;
  }

  async #land(seq) {
    await this.#moveTo(seq);
    const mark = this.list.querySelector(".unread-mark");
    if (mark) mark.scrollIntoView({ block: "start" });
    else await this.toEnd();
    this.#scrolled();
  }

  /** Go to a message, wherever it is. */
  async show(seq) {
    this.wasShown = true;
    if (!(await this.#moveTo(seq))) return;
    const row = this.focus.row(seq);
    row.scrollIntoView({ block: "center" });
    row.classList.add("is-found");
    this.focus.focus(seq);
    this.#scrolled();
  }

  async toEnd() {
    letRead(this.id);
    await open(this.id);
    this.isAtEnd = true;
    this.render();
    this.scrolling.toEnd();
  }

  /** Put the window around a place; answers whether there is a message just there. */
  async #moveTo(seq) {
    await this.#fetchAround(seq);
    const { messages, isLoaded } = historyOf(this.id) ?? {};
    if (!isLoaded) return false;
    const at = messages.findIndex((one) => one.seq >= seq);
    this.isAtEnd = at < 0;
    if (!this.isAtEnd) this.window.around(at);
    this.#draw();
    return messages[at]?.seq === seq;
  }

  async #fetchAround(seq) {
    const { isLoaded, messages } = historyOf(this.id) ?? {};
    if (isLoaded && messages[0]?.seq <= seq && seq <= messages.at(-1).seq) return;
    this.isGoing = true;
    await jump(this.id, seq);
    this.isGoing = false;
  }

  #draw() {
    this.window.stay(this.isAtEnd);
    this.isLast = !this.window.hasNewer && !historyOf(this.id).newer;
    this.focus.note();
    this.scrolling.hold(() => keep(this.list, this.#rows()));
    this.focus.render();
    this.acting.render();
    if (this.isAtEnd) this.scrolling.toEnd();
    this.jump.hidden = this.isAtEnd;
  }

  #rows() {
    const waiting = this.isLast ? outboxOf(this.id) : [];
    const kept = keptUnread(this.id);
    const unreadAfter = kept ? kept - 1 : this.unreadAfter;
    return rowsOf(this.window.shown, waiting, { before: this.window.before, unreadAfter });
  }

  #scrolled() {
    if (!historyOf(this.id)?.isLoaded) return;
    this.isAtEnd = this.isLast && this.scrolling.isAtEnd;
    this.jump.hidden = this.isAtEnd;
    this.#look();
    this.#fillEdges();
  }

  /** Not only when one scrolls: at the very edge nothing scrolls any more. */
  #fillEdges() {
    const { older, newer } = historyOf(this.id);
    if (this.isAtEnd && this.window.from > 0) return;
    if (this.scrolling.isNearTop && (this.window.from > 0 || older))
      this.#go(-1, older && loadOlder);
    else if (this.scrolling.isNearEnd && !this.isAtEnd) this.#go(1, newer && loadNewer);
  }

  /** Through what is known, and then through what has to be fetched. */
  #go(direction, load) {
    const { fetching, error } = historyOf(this.id);
    if (this.window.move(direction)) this.render();
    else if (load && !fetching && !error) load(this.id);
  }

  #look() {
    if (!document.hasFocus() || !this.element.isConnected) return;
    const seq = this.scrolling.lastSeen(this.isAtEnd);
    if (seq) markRead(this.id, Number(seq));
  }
}
