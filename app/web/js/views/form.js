/** Forms: each field with its name above and its error below, in the server's own words. */

import { fill, h } from "../dom.js";

const ABOUT_CODE = ["second_factor_required", "invalid_second_factor"];

let ids = 0;

/**
 * Shape of a field: {name, label, type, hint, choices: [[value, label], ...], hidden, ...attributes
 * of the input}; one that is hidden shows once the server asks for it.
 * `submit` may answer a sentence, which is shown.
 */
export function form({ fields, submit, button, className = "" }) {
  const inputs = fields.map(field);
  const base = h("p.error", { role: "alert" });
  const done = h("p.hint", { role: "status" });
  const send = h("button.primary", { type: "submit" }, button);
  const element = h(
    "form",
    { class: `form ${className}`, novalidate: true, onsubmit: take },
    ...inputs.map((one) => one.element),
    base,
    done,
    send,
  );

  async function take(event) {
    event.preventDefault();
    if (send.disabled) return;
    send.disabled = true;
    show({});
    try {
      const values = Object.fromEntries(inputs.map((one) => [one.name, one.input.value]));
      done.textContent = (await submit(values, element)) ?? "";
    } catch (error) {
      show(error.fields ?? {}, error);
    } finally {
      send.disabled = false;
    }
  }

  /** What belongs to no field here stands below all of them. */
  function show(problems, error) {
    const known = new Set(inputs.map((one) => one.name));
    const code =
      ABOUT_CODE.includes(error?.code) && inputs.find((one) => one.name === "otp_attempt");
    const isElsewhere = error && !code && !Object.keys(problems).some((name) => known.has(name));
    base.textContent = isElsewhere ? error.message : "";
    done.textContent = "";
    for (const one of inputs) one.show(problems[one.name]);
    if (code) code.ask(error.message);
    element.querySelector("[aria-invalid=true]")?.focus();
  }

  return element;
}

function field({ name, label, hint, choices, hidden, ...attributes }) {
  const id = `field${ids++}`;
  const error = h("p.error", { id: `${id}error` });
  const described = hint ? `${id}hint ${id}error` : `${id}error`;
  const named = { id, name, "aria-describedby": described };
  const input = choices
    ? select(choices, { ...named, ...attributes })
    : h("input", { ...named, type: "text", ...attributes });
  const element = h(
    "div.field",
    { hidden },
    h("label", { for: id }, label),
    input,
    hint && h("p.hint", { id: `${id}hint` }, hint),
    error,
  );
  const say = (sentence) => {
    input.setAttribute("aria-invalid", String(Boolean(sentence)));
    fill(error, sentence);
  };
  const show = (problems) => say(problems ? `${label} ${problems.join(", and ")}.` : "");
  const ask = (sentence) => {
    element.hidden = false;
    say(`${sentence}.`);
  };
  return { name, input, element, show, ask };
}

/** Shape of choices: [[value, label], ...] */
export function select(choices, { value, ...attributes }) {
  const element = h("select", attributes, ...options(choices));
  if (value !== undefined) element.value = value;
  return element;
}

export function options(choices) {
  return choices.map(([value, label]) => h("option", { value }, label));
}

/** What is shown once more before what a stolen cookie may not do. */
export const CODE = {
  name: "otp_attempt",
  label: "Code",
  hint: "From your authenticator, or one of your recovery codes.",
  autocomplete: "one-time-code",
};

const PASSWORD = { name: "current_password", label: "Current password", type: "password" };

/** The code is asked for where a second factor is on. */
export const PROOF = [
  { ...PASSWORD, autocomplete: "current-password" },
  { ...CODE, hidden: true },
];
