/** What is as one chooses at once, without a button. Shape of each: {element, input, show(value)} */

import { h } from "../dom.js";
import { select } from "./form.js";

let ids = 0;

/** `act(isOn)` makes it so, or throws. */
export function onOff(label, hint, isOn, act) {
  const input = h("input", { type: "checkbox", role: "switch" });
  const { parts, show } = atOnce(input, "checked", [label, hint], act);
  show(isOn);
  return { element: h("div.switch", h("div", ...parts), input), input, show };
}

/** Shape of options: [[value, label], ...] */
export function choice(label, options, act) {
  const input = select(options, {});
  const { parts, show } = atOnce(input, "value", [label], act);
  return { element: h("div.field", parts[0], input, parts[1]), input, show };
}

function atOnce(input, property, [label, hint], act) {
  const problem = h("p.error", { role: "alert" });
  let shown;
  const show = (value) => (input[property] = shown = value);
  input.id = `choice${ids++}`;
  input.addEventListener("change", async () => {
    const before = shown;
    shown = input[property];
    problem.textContent = "";
    try {
      await act(shown);
    } catch (error) {
      show(before);
      problem.textContent = error.message;
    }
  });
  const parts = [h("label", { for: input.id }, label), hint && h("p.hint", hint), problem];
  return { parts: parts.filter(Boolean), show };
}
