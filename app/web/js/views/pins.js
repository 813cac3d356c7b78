/** What is pinned, in a drawer beside the conversation. */

import { fill, h } from "../dom.js";
import { mayPin, unpin } from "../state/acts.js";
import { conversation } from "../state/conversations.js";
import { forgetPins, loadPins } from "../state/pins.js";
import { nameById, nameWithin } from "../state/people.js";
import { state, subscribe } from "../state/store.js";
import { linked } from "../text.js";
import { shortly } from "../times.js";
import { openDialog } from "./dialog.js";
import { problem } from "./empty.js";

/** `show(seq)` goes to a message. */
export function open(id, show) {
  const isAllowed = mayPin(conversation(id));
  const list = h("ol", { class: "entries" });
  const note = h("div", { class: "note" }, "Loading …");
  const close = openDialog("Pinned messages", note, list);
  const dialog = list.closest("dialog");
  dialog.classList.add("drawer");
  const unsubscribe = subscribe(render);
  dialog.addEventListener("close", () => {
    unsubscribe();
    forgetPins(id);
  });
  load();

  function load() {
    loadPins(id).catch((error) => fill(note, problem(error, load)));
  }

  function render() {
    const pins = state.pins.get(id);
    if (!pins || pins === list.shown) return;
    list.shown = pins;
    const why = isAllowed ? " Pin a message by its menu." : "";
    fill(note, pins.length ? "" : `Nothing is pinned here.${why}`);
    fill(list, ...pins.map(row));
  }

  function row({ message, pinned_by }) {
    const go = () => {
      close();
      show(message.seq);
    };
    const { created_at } = message;
    const time = h("time", { datetime: created_at }, shortly(created_at));
    const there = h("button", { class: "plain", onclick: go }, "Go to it");
    const away = h("button", { class: "plain", onclick: () => takeAway(message) }, "Unpin");
    return h(
      "li",
      {},
      h("p", {}, h("bdi", {}, nameById(message.user_id)), time),
      h("p", { class: "body", dir: "auto" }, ...linked(message.body)),
      h("p", { class: "hint" }, `Pinned by ${nameWithin(pinned_by)} `, there, isAllowed && away),
    );
  }

  function takeAway(message) {
    unpin(message).catch((error) => fill(note, problem(error)));
  }
}
