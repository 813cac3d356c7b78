/** The address and the password by which one signs in. */

import { h } from "../../dom.js";
import { editAccount, fetchMe } from "../../state/session.js";
import { form } from "../form.js";
import { loading } from "../loading.js";
import { PROOF } from "../proof.js";

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
    h("h2", {}, "Password"),
    h("p", { class: "hint" }, "With a new password you are signed out on all other devices."),
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
