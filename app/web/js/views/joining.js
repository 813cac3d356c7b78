/** Coming into a group by an invite: only when one says so, not by the mere opening of a link. */

import { post } from "../api.js";
import { h } from "../dom.js";
import { replace } from "../places.js";

const GONE =
  "This invite is not good any more: it is too old, was used up, or was taken back. Ask for a new one.";

export function joining(token) {
  const problem = h("p", { class: "error", role: "alert" });
  const button = h("button", { class: "primary", onclick: join }, "Join the group");
  const stay = h("button", { onclick: () => replace() }, "Not now");
  const words = h("p", {}, "Its members will see your name, and you will see what was said there.");
  const buttons = h("div", { class: "buttons" }, stay, button);
  const element = h(
    "div",
    { class: "empty" },
    h("h1", {}, "You are invited to a group"),
    words,
    problem,
    buttons,
  );

  async function join() {
    button.disabled = true;
    try {
      const { conversation } = await post("/invites/accept", { token });
      replace("conversations", conversation.id);
    } catch (error) {
      problem.textContent = error.status === 404 ? GONE : error.message;
      button.disabled = false;
    }
  }

  return { element, render() {}, arrive: () => button.focus(), close() {} };
}
