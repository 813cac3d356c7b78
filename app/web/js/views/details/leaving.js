/** Leaving a group, and what happens then. */

import { del } from "../../api.js";
import { replace } from "../../places.js";
import { roleIn } from "../../state/conversations.js";
import { titleOf } from "../../state/people.js";
import { state } from "../../state/store.js";
import { ask } from "../dialog.js";

export function openLeaving(known) {
  const act = async () => {
    await del(`/conversations/${known.id}/members/${state.me.id}`);
    replace();
  };
  const words = [sentences(known).join(" ")];
  ask({ title: `Leave “${titleOf(known)}”?`, words, button: "Leave", act });
}

function sentences(known) {
  const gone =
    "You read nothing of it any more, and come back only if somebody adds or invites you. What you wrote stays.";
  if (known.users.length === 1) return [gone, "You are the last: after you nobody can read it."];
  if (roleIn(known) !== "owner") return [gone];
  return [
    gone,
    "You own this group: it passes to an admin, or else to whoever has been in it longest.",
  ];
}
