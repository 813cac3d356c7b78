/**
 * The messages of a conversation. Only a window of them is in the page, however long the history;
 * it moves as one scrolls, and what one looks at stays where it is.
 */

import { announce, fill, h, keep } from "../dom.js";
import { historyOf, jump, loadNewer, loadOlder, open } from "../state/histories.js";
import { nameById } from "../state/people.js";
import { conversation } from "../state/conversations.js";
import { outboxOf } from "../state/outbox.js";
import { keptUnread, letRead, markRead } from "../state/reading.js";
import { state } from "../state/store.js";
import { Acting } from "./acting.js";
import { iconButton } from "./dialog.js";
import { RowFocus } from "./row_focus.js";
import { rowsOf } from "./rows.js";

/** Messages in the page: several screens, and quick to lay out. */
const WINDOW = 160;
const STEP = 50;
/** So near to an edge, in pixels, there should be more. */
const NEAR = 800;
/** Who is so near to the end is at the end. */
const AT_END = 48;

export class Timeline {
  /** `doing`: what else may be done with a message, see acting.js. */
  constructor(id, doing) {
    this.id = id;
    letRead(id);
    this.from = 0;
    this.isAtEnd = true;
    this.list = h("ol", { class: "messages" });
    this.status = h("p", { class: "note" });
    this.focus = new RowFocus(this.list);
    const show = (seq) => this.show(seq);
    this.acting = new Acting(id, this.list, this.focus, { ...doing, show });
    this.scroller = h(
      "div",
      {
        class: "scroller",
        tabindex: 0,
        role: "region",
        onscroll: () => this.#scrolled(),
        onpointerleave: () => this.acting.hide(),
      },
      this.status,
      this.list,
      this.acting.bar,
    );
    this.jump = iconButton("down", "Jump to the newest", () => this.toEnd(), "jump");
    this.jump.hidden = true;
    this.element = h("div", { class: "timeline" }, this.scroller, this.jump);
    this.resizing = new ResizeObserver(() => this.isAtEnd && this.#scrollToEnd());
    this.resizing.observe(this.list);
    this.resizing.observe(this.scroller);
    this.looking = new AbortController();
    const look = () => this.#look();
    addEventListener("focus", look, { signal: this.looking.signal });
  }

  name(title) {
    this.scroller.setAttribute("aria-label", `Messages with ${title}`);
  }

  close() {
    this.resizing.disconnect();
    this.looking.abort();
  }

  async toEnd() {
    letRead(this.id);
    await open(this.id);
    this.isAtEnd = true;
    this.render();
    this.#scrollToEnd();
  }

  render() {
    const history = historyOf(this.id);
    this.#say(history);
    if (!history?.isLoaded || this.isGoing) return;
    if (!this.firstSeen && this.#begin(history)) return;
    this.#announce(history);
    this.#draw(history);
    this.#look();
    this.#fillEdges();
  }

  #draw(history) {
    this.#place(history);
    const anchor = this.#anchor();
    const shown = history.messages.slice(this.from, this.from + WINDOW);
    const isLast = this.from + WINDOW >= history.messages.length && !history.newer;
    const waiting = isLast ? outboxOf(this.id) : [];
    const before = history.messages[this.from - 1];
    const kept = keptUnread(this.id);
    const unreadAfter = kept ? kept - 1 : this.unreadAfter;
    this.focus.note();
    keep(this.list, rowsOf(shown, waiting, { before, unreadAfter }));
    this.focus.render();
    this.acting.render();
    this.isLast = isLast;
    if (this.isAtEnd) this.#scrollToEnd();
    else this.#return(anchor);
    this.jump.hidden = this.isAtEnd;
  }

  /** Go to a message, wherever it is. */
  async show(seq) {
    this.firstSeen = true;
    if (!(await this.#moveTo(seq))) return;
    const row = this.focus.row(seq);
    row.scrollIntoView({ block: "center" });
    row.classList.add("is-found");
    this.focus.focus(seq);
    this.#scrolled();
  }

  /** Put the window around a place; answers whether there is a message just there. */
  async #moveTo(seq) {
    const at = () => historyOf(this.id)?.messages.findIndex((one) => one.seq >= seq) ?? -1;
    if (!this.#isLoadedAt(seq)) {
      this.isGoing = true;
      await jump(this.id, seq);
      this.isGoing = false;
    }
    this.isAtEnd = at() < 0;
    if (!this.isAtEnd) this.#stand(Math.max(0, at() - WINDOW / 2));
    const history = historyOf(this.id);
    if (history?.isLoaded) this.#draw(history);
    return history?.messages[at()]?.seq === seq;
  }

  #isLoadedAt(seq) {
    const { isLoaded, messages } = historyOf(this.id) ?? {};
    return isLoaded && messages[0]?.seq <= seq && seq <= messages.at(-1).seq;
  }

  #stand(from) {
    this.from = from;
    this.top = historyOf(this.id).messages[from].id;
  }

  /** At the first that is unread; answers whether there is any. */
  #begin(history) {
    this.firstSeen = true;
    this.newest = history.messages.at(-1)?.seq ?? 0;
    const { last_read_seq, unread_count } = { ...history.atOpening, ...conversation(this.id) };
    if (!unread_count) return false;
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

  #say(history) {
    const words = sayOf(history);
    if (this.status.textContent !== words) fill(this.status, words);
  }

  /** In words, for those who cannot see it come. */
  #announce(history) {
    const newest = history.messages.at(-1);
    if (history.newer || !newest || newest.seq <= this.newest) return;
    this.newest = newest.seq;
    if (newest.user_id !== state.me?.id)
      announce(`${nameById(newest.user_id)}: ${newest.body || "Sent a file"}`);
  }

  /** Older messages came in front: the window stays at the same ones. */
  #place(history) {
    const { messages } = history;
    const at = this.top ? messages.findIndex((one) => one.id === this.top) : -1;
    if (at >= 0) this.from = at;
    if (this.isAtEnd) this.from = Math.max(0, messages.length - WINDOW);
    this.from = Math.min(this.from, Math.max(0, messages.length - 1));
    this.top = messages[this.from]?.id;
  }

  #move(by) {
    const { messages } = historyOf(this.id);
    const from = Math.max(0, Math.min(this.from + by, messages.length - WINDOW));
    if (from === this.from) return;
    this.#stand(from);
    this.render();
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const below = scrollHeight - scrollTop - clientHeight;
    this.isAtEnd = this.isLast && below < AT_END;
    this.jump.hidden = this.isAtEnd;
    this.#look();
    this.#fillEdges();
  }

  /** Not only when one scrolls: at the very edge nothing scrolls any more. */
  #fillEdges() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (scrollTop < NEAR && this.#hasOlder()) this.#goUp();
    else if (scrollHeight - scrollTop - clientHeight < NEAR && !this.isAtEnd) this.#goDown();
  }

  #hasOlder() {
    return this.from > 0 || historyOf(this.id)?.older;
  }

  #goUp() {
    const history = historyOf(this.id);
    if (!history?.isLoaded) return;
    if (this.from > 0) this.isAtEnd || this.#move(-STEP);
    else if (history.older && !history.fetching && !history.error) loadOlder(this.id);
  }

  #goDown() {
    const history = historyOf(this.id);
    if (!history?.isLoaded) return;
    if (this.from + WINDOW < history.messages.length) this.#move(STEP);
    else if (history.newer && !history.fetching && !history.error) loadNewer(this.id);
  }

  /** The first message in sight, and where it is. */
  #anchor() {
    const top = this.scroller.scrollTop;
    const element = [...this.list.children].find((one) => one.offsetTop + one.offsetHeight > top);
    return element && { element, offset: element.offsetTop - top };
  }

  #return(anchor) {
    if (anchor?.element.isConnected)
      this.scroller.scrollTop = anchor.element.offsetTop - anchor.offset;
  }

  #scrollToEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #look() {
    if (!document.hasFocus() || !this.element.isConnected) return;
    const end = this.scroller.scrollTop + this.scroller.clientHeight;
    const seen = [...this.list.children].findLast(
      (one) => one.dataset.seq && (this.isAtEnd || one.offsetTop + one.offsetHeight <= end),
    );
    if (seen) markRead(this.id, Number(seen.dataset.seq));
  }
}

function sayOf(history) {
  if (!history?.isLoaded) return "Loading messages …";
  if (history.error) return history.error.message;
  if (history.older) return "Loading older messages …";
  return history.messages.length
    ? "This is where it began."
    : "Nothing has been said yet. Say hello!";
}
