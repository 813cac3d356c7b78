/** Where one is in a long page: what one looks at stays where it is, whatever is drawn around it. */

/** So near to an edge, in pixels, there should be more. */
const NEAR = 800;
/** Who is so near to the end is at the end. */
const AT_END = 48;

export class Scrolling {
  constructor(scroller, list) {
    this.scroller = scroller;
    this.list = list;
  }

  get #below() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  get isAtEnd() {
    return this.#below < AT_END;
  }

  get isNearEnd() {
    return this.#below < NEAR;
  }

  get isNearTop() {
    return this.scroller.scrollTop < NEAR;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Draw, and have the first row in sight where it was. */
  hold(draw) {
    const top = this.scroller.scrollTop;
    const row = this.#rows.find((one) => endOf(one) > top);
    const offset = row && row.offsetTop - top;
    draw();
    if (row?.isConnected) this.scroller.scrollTop = row.offsetTop - offset;
  }

  /** The `seq` of the last message that can be seen as a whole, or undefined. */
  lastSeen(isAtEnd) {
    const end = this.scroller.scrollTop + this.scroller.clientHeight;
    const isSeen = (one) => one.dataset.seq && (isAtEnd || endOf(one) <= end);
    return this.#rows.findLast(isSeen)?.dataset.seq;
  }

  get #rows() {
    return [...this.list.children];
  }
}

const endOf = (row) => row.offsetTop + row.offsetHeight;
