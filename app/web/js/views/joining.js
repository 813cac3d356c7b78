/** Coming into a group by an invite: only when one says so, not by the mere opening of a link. */

import { post } from "../api.js";
import { h } from "../dom.js";
import { replace } from "../places.js";
import { attempt } from "./dialog.js";

const GONE =
  "This invite is not good any more: it is too old, was used up, or was taken back. Ask for a new one.";

export function joining(token) {
  const { button, problem } = attempt("Join the group", async () => {
    const { conversation } = await post("/invites/accept", { token }).catch(explained);
    replace("conversations", conversation.id);
  });
  const element = h(
    "div.empty",
    h("h1", "You are invited to a group"),
    h("p", "Its members will see your name, and you will see what was said there."),
    problem,
    h(
      "div.buttons",
      h("button", () => replace(), "Not now"),
      button,
    ),
  );
  return { element, render() {}, arrive: () => button.focus() };
}

function explained(error) {
  throw error.status === 404 ? new Error(GONE) : error;
}
