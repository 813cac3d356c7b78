/** Links by which anybody who has them may join a group. */

import { del, get, post } from "../../api.js";
import { h } from "../../dom.js";
import { href } from "../../places.js";
import { nameById } from "../../state/people.js";
import { isMe } from "../../state/store.js";
import { whole } from "../../times.js";
import { copyable } from "../copyable.js";
import { openDialog } from "../dialog.js";
import { form } from "../form.js";
import { line, lines, loading } from "../listing.js";

const FIELDS = [
  {
    name: "expires_in_hours",
    label: "Good for",
    choices: [
      ["24", "A day"],
      ["168", "A week"],
      ["720", "30 days"],
    ],
    value: "168",
  },
  {
    name: "uses",
    label: "For how many people",
    hint: "Leave it out for any number.",
    type: "number",
    min: 1,
    inputmode: "numeric",
  },
];

export function invites(id) {
  const path = `/conversations/${id}/invites`;
  const list = loading(
    () => get(path),
    (found, again) => draw(path, found, again),
  );
  const make = h("button", () => openMaking(path, list.load), "Make a link");
  return [h("h3", "Invites"), list.element, h("div", make)];
}

function draw(path, invites, again) {
  if (!invites.length) return [h("p.hint", "Whoever has a link may join until it expires.")];
  return [lines(invites, (invite) => inviteLine(path, invite, again))];
}

function inviteLine(path, { id, user_id, uses_left, expires_at }, again) {
  const until = whole(expires_at);
  const act = async () => {
    await del(`${path}/${id}`);
    again();
  };
  const words = ["Nobody joins by this link any more. Who has joined already stays."];
  return line({
    name: uses_left === null ? "For any number" : `For ${uses_left} more`,
    hints: [`Made by ${isMe(user_id) ? "you" : nameById(user_id)}, good until ${until}`],
    button: "Take back",
    label: `Take back the link that is good until ${until}`,
    question: { title: "Take this link back?", words, button: "Take it back", act },
  });
}

function openMaking(path, again) {
  const step = h("div.step");
  const submit = async ({ expires_in_hours, uses }) => {
    const wish = { expires_in_hours: Number(expires_in_hours), uses: uses ? Number(uses) : null };
    const { token } = await post(path, wish);
    again();
    step.replaceChildren(
      "Send it to whom you want here. It is shown this once.",
      copyable("Link", location.origin + href("join", token), 3),
    );
    step.querySelector("button").focus();
  };
  step.append(form({ fields: FIELDS, submit, button: "Make the link" }));
  openDialog("Invite by a link", step);
}
