/** Tokens for scripts: made, shown once, revoked. */

import { del, get, post } from "../../api.js";
import { h } from "../../dom.js";
import { whole } from "../../times.js";
import { copyable } from "../copyable.js";
import { openDialog } from "../dialog.js";
import { PROOF, form } from "../form.js";
import { line, lines, loading } from "../listing.js";

const PATH = "/users/tokens";
const DAY_MS = 86_400_000;
const FIELDS = [
  { name: "name", label: "Name", hint: "What it is for." },
  {
    name: "scope",
    label: "It may",
    choices: [
      ["read", "Read"],
      ["write", "Read and write"],
    ],
  },
  {
    name: "days",
    label: "Good for",
    choices: [
      ["30", "30 days"],
      ["365", "A year"],
      ["", "Ever, until it is revoked"],
    ],
  },
  ...PROOF,
];

export function tokens() {
  const list = loading(() => get(PATH), draw);
  return [
    h(
      "p",
      "By a token a script acts as you. It is sent as ",
      h("code", "Authorization: Bearer …"),
      ".",
    ),
    list.element,
    h("h2", "A new token"),
    form({
      fields: FIELDS,
      submit: (values, element) => make(values, element, list.load),
      button: "Make a token",
    }),
  ];
}

async function make({ days, ...draft }, element, again) {
  const expires_at = days ? new Date(Date.now() + Number(days) * DAY_MS).toISOString() : null;
  const { token } = await post(PATH, { ...draft, expires_at });
  element.reset();
  again();
  openDialog("Your new token", "Copy it now: it is shown this once.", copyable("Token", token, 3));
}

function draw(tokens, again) {
  if (!tokens.length) return [h("p.hint", "You have none.")];
  return [lines(tokens, (token) => tokenLine(token, again))];
}

function tokenLine({ id, name, scope, last_used_at, expires_at }, again) {
  const used = last_used_at ? `last used ${whole(last_used_at)}` : "never used";
  const end = expires_at ? `good until ${whole(expires_at)}` : "good until it is revoked";
  const act = async () => {
    await del(`${PATH}/${id}`);
    again();
  };
  const words = ["Whatever uses it stops working at once."];
  return line({
    name,
    hints: [`May ${scope} · ${used} · ${end}`],
    button: "Revoke",
    label: `Revoke ${name}`,
    question: { title: "Revoke this token?", words, button: "Revoke", act },
  });
}
