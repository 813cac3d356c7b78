/** The part of a history that is in the page, however long it is; it moves as one scrolls. */

import { historyOf } from "../state/histories.js";

/** Messages: several screens, and quick to lay out. */
const SIZE = 160;
const STEP = 50;

export class Window {
  constructor(id) {
    this.id = id;
    this.from = 0;
  }

  get #all() {
    return historyOf(this.id).messages;
  }

  get shown() {
    return this.#all.slice(this.from, this.from + SIZE);
  }

  /** The message in front of it. */
  get before() {
    return this.#all[this.from - 1];
  }

  get hasNewer() {
    return this.from + SIZE < this.#all.length;
  }

  /** Older messages came in front: it stays at the same ones, or at the end. */
  stay(isAtEnd) {
    const at = this.#all.findIndex((one) => one.id === this.top);
    if (isAtEnd) this.#stand(this.#all.length - SIZE);
    else this.#stand(at < 0 ? this.from : at);
  }

  around(at) {
    this.#stand(at - SIZE / 2);
  }

  /** By a step up (-1) or down (1); answers whether there was anywhere to go. */
  move(direction) {
    if (direction > 0 && !this.hasNewer) return false;
    const before = this.from;
    this.#stand(Math.min(before + direction * STEP, this.#all.length - SIZE));
    return this.from !== before;
  }

  #stand(from) {
    this.from = Math.max(0, Math.min(from, this.#all.length - 1));
    this.top = this.#all[this.from]?.id;
  }
}
