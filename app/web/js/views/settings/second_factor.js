/** The second factor: turning it on by an authenticator, its recovery codes, turning it off. */

import { del, get, post, put } from "../../api.js";
import { fill, h } from "../../dom.js";
import { copyable } from "../copyable.js";
import { openDialog } from "../dialog.js";
import { CODE, PROOF, form } from "../form.js";
import { loading } from "../listing.js";

const PATH = "/users/second_factor";
const WHAT = "Whoever signs in as you then needs a code of your phone, besides your password.";

export function secondFactor() {
  return [h("p", WHAT), loading(() => get(PATH), draw).element];
}

function draw({ enabled, recovery_codes_left }, again) {
  const button = (words, title, go, act, className) =>
    h("button", { class: className, onclick: () => openStep(title, go, act, again) }, words);
  if (!enabled) {
    const turnOn = button("Turn on", "Turn on the second factor", "Go on", enrol, "primary");
    return [h("p", { role: "status" }, "It is off."), h("div", turnOn)];
  }
  return [
    h("p", { role: "status" }, `It is on. ${recovery_codes_left} recovery codes are left.`),
    h("p.hint", "New recovery codes take the place of the old ones."),
    h(
      "div.buttons.is-start",
      button("New recovery codes", "New recovery codes", "Make new codes", renew),
      button("Turn off", "Turn off the second factor", "Turn off", disable, "danger"),
    ),
  ];
}

/** `act(proof, step)` goes on with what it puts into the step. */
function openStep(title, button, act, again) {
  const step = h("div.step");
  const finish = () => {
    close();
    again();
  };
  const submit = (proof) => act(proof, { show: (...parts) => show(step, parts), finish });
  const close = openDialog(title, step);
  show(step, [form({ fields: PROOF, submit, button })]);
}

function show(step, parts) {
  fill(step, ...parts);
  step.querySelector("input:not([hidden]), button")?.focus();
}

async function enrol(proof, { show, finish }) {
  const { qr_code, secret } = await post(PATH, proof);
  const code = {
    ...CODE,
    hint: "The six digits that your authenticator shows now.",
    inputmode: "numeric",
  };
  const submit = async (values) =>
    showCodes((await put(PATH, values)).recovery_codes, { show, finish });
  show(
    "Scan this with an authenticator on your phone, or type the secret into it.",
    h("img.qr", { src: pictureOf(qr_code), alt: "QR code of the secret", width: 180, height: 180 }),
    copyable("Secret", secret, 2),
    form({ fields: [code], submit, button: "Turn on" }),
  );
}

/** The page may show no `data:`, but what it has made itself. */
function pictureOf(data) {
  const [kind, content] = data.replace("data:", "").split(";base64,");
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  return URL.createObjectURL(new Blob([bytes], { type: kind }));
}

async function renew(proof, step) {
  showCodes((await post(`${PATH}/recovery_codes`, proof)).recovery_codes, step);
}

async function disable(proof, { finish }) {
  await del(PATH, proof);
  finish();
}

function showCodes(codes, { show, finish }) {
  show(
    "Keep these recovery codes where only you find them. Each lets you in once without your phone. They are shown this once.",
    copyable("Recovery codes", codes.join("\n"), codes.length),
    h(
      "div.buttons",
      h("button", () => print(), "Print"),
      h("button.primary", finish, "I have kept them"),
    ),
  );
}
