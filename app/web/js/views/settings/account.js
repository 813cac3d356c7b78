/** The account itself: the address and the password by which one signs in, and its end. */

import { h } from "../../dom.js";
import { closeAccount, editAccount, fetchMe } from "../../state/session.js";
import { openDialog } from "../dialog.js";
import { PROOF, form } from "../form.js";
import { leaveAccount } from "../leaving.js";
import { loading } from "../listing.js";

export function account() {
  return [loading(fetchMe, draw).element];
}

function draw(me) {
  const email = {
    name: "email",
    label: "E-mail",
    type: "email",
    autocomplete: "email",
    value: me.email,
  };
  const password = {
    name: "password",
    label: "New password",
    type: "password",
    autocomplete: "new-password",
  };
  return [
    form({ fields: [email, ...PROOF], submit: changeEmail, button: "Change e-mail" }),
    h("h2", "Password"),
    h("p.hint", "With a new password you are signed out on all other devices."),
    form({ fields: [password, ...PROOF], submit: changePassword, button: "Change password" }),
  ];
}

async function changeEmail(change, element) {
  const { unconfirmed_email } = await editAccount(change);
  clear(element, "current_password", "otp_attempt");
  if (!unconfirmed_email) return "Saved.";
  return `A mail is on its way to ${unconfirmed_email}. Until you follow its link, your old address stays.`;
}

async function changePassword(change, element) {
  await editAccount(change);
  element.reset();
  return "Saved. All other devices are signed out.";
}

function clear(element, ...names) {
  for (const name of names) element.elements[name].value = "";
}

export function closing() {
  return [
    h("div", h("button", leaveAccount, "Sign out")),
    h("h2", "Close your account"),
    h(
      "p",
      "Your name, address and picture are forgotten, and you can never sign in again. What you wrote stays where you wrote it. Groups that you own pass to somebody else in them.",
    ),
    h("div", h("button.danger", confirm, "Close my account …")),
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
