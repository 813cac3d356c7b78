/** What is pinned, in a drawer beside the conversation. */

import { fill, h } from "../dom.js";
import { forgetPins, loadPins, mayPin, unpin } from "../state/acts.js";
import { conversation } from "../state/conversations.js";
import { nameById, nameWithin } from "../state/people.js";
import { state, subscribe } from "../state/store.js";
import { linked } from "../text.js";
import { shortly } from "../times.js";
import { problem } from "./empty.js";

/** `goTo(seq)` goes to a message. */
export function show({ body, close }, id, goTo) {
  const isAllowed = mayPin(conversation(id));
  const list = h("ol.entries");
  const note = body.firstChild;
  body.append(list);
  const unsubscribe = subscribe(render);
  body.closest("dialog").addEventListener("close", () => {
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
    const { created_at, user_id, seq, body } = message;
    const go = () => {
      close();
      goTo(seq);
    };
    const takeAway = () => unpin(message).catch((error) => fill(note, problem(error)));
    const time = h("time", { datetime: created_at }, shortly(created_at));
    const there = h("button.plain", go, "Go to it");
    const away = isAllowed && h("button.plain", takeAway, "Unpin");
    return h(
      "li",
      h("p", h("bdi", nameById(user_id)), time),
      h("p.body", { dir: "auto" }, ...linked(body)),
      h("p.hint", `Pinned by ${nameWithin(pinned_by)} `, there, away),
    );
  }
}
