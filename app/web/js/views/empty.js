/** What stands where there is nothing yet, and says what to do. */

import { h } from "../dom.js";
import { state } from "../state/store.js";
import { openStarting } from "./later.js";

export function nothingOpen() {
  const words = h("p");
  const button = h("button.primary", openStarting, "Start a conversation");
  const element = h("div.empty", h("h2", "Nothing is open"), words, button);
  const render = () => {
    words.textContent = state.conversations.size
      ? "Choose a conversation on the left, or start a new one."
      : "Find people by their name, and write to one of them or to several.";
  };
  return { element, render };
}

export function problem(error, retry) {
  const again = retry && h("button", retry, "Try again");
  return h("div.empty", { role: "alert" }, h("p", error.message), again);
}
