/** One message of all can be reached by Tab: the newest, and from there by the arrow keys the others. */

export const rowOf = (element) => element.closest("[data-seq]");

export class RowFocus {
  constructor(list) {
    this.list = list;
    list.addEventListener("focusin", (event) => this.#offer(rowOf(event.target)));
    list.addEventListener("focusout", () => this.#offer(null));
  }

  row(seq) {
    return this.list.querySelector(`[data-seq="${seq}"]`);
  }

  focus(seq) {
    this.row(seq)?.focus({ preventScroll: true });
  }

  /** Before the rows are drawn. */
  note() {
    this.noted = rowOf(document.activeElement)?.dataset.seq;
  }

  /** After that: what was drawn anew has the focus that it had. */
  render() {
    if (this.noted && document.activeElement === document.body) this.focus(this.noted);
    this.#offer(rowOf(document.activeElement));
  }

  #offer(current) {
    const rows = this.list.querySelectorAll("[data-seq]");
    current ??= rows[rows.length - 1];
    for (const row of rows) row.tabIndex = row === current ? 0 : -1;
  }

  step(row, by) {
    const rows = [...this.list.querySelectorAll("[data-seq]")];
    const next = rows[rows.indexOf(row) + by];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "nearest" });
  }
}
