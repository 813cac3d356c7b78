/** Going: for now, or for good. */

import { h } from "../../dom.js";
import { closeAccount } from "../../state/session.js";
import { openDialog } from "../dialog.js";
import { form } from "../form.js";
import { leaveAccount } from "../leaving.js";
import { PROOF } from "../proof.js";

export function closing() {
  return [
    h("div", {}, h("button", { onclick: leaveAccount }, "Sign out")),
    h("h2", {}, "Close your account"),
    h(
      "p",
      {},
      "Your name, address and picture are forgotten, and you can never sign in again. What you wrote stays where you wrote it. Groups that you own pass to somebody else in them.",
    ),
    h("div", {}, h("button", { class: "danger", onclick: confirm }, "Close my account …")),
  ];
}

function confirm() {
  const submit = async (proof) => {
    await closeAccount(proof);
    close();
  };
  const close = openDialog(
    "Close your account?",
    "This cannot be undone.",
    form({ fields: PROOF, submit, button: "Close it for good", className: "is-danger" }),
  );
}
