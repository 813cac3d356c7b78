/** Signing in and up, and getting in again without a password. */

import { get } from "../api.js";
import { fill, h } from "../dom.js";
import { href, replace } from "../places.js";
import { askForLetter, resetPassword, signIn, signUp } from "../state/session.js";
import { form } from "./form.js";
import { CODE } from "./proof.js";

const EMAIL = { name: "email", label: "E-mail", type: "email", autocomplete: "username" };
const PASSWORD = { name: "password", label: "Password", type: "password" };
const NEW_PASSWORD = { ...PASSWORD, autocomplete: "new-password" };

const PAGES = {
  "sign-up": signUpPage,
  forgotten: forgottenPage,
  password: passwordPage,
  confirmation: () => linkPage("Confirming your address …", "Your address is confirmed"),
  unlock: () => linkPage("Unlocking your account …", "Your account is unlocked"),
};
const OF_MAILS = ["password", "confirmation", "unlock"];

/** What somebody who cannot enter may have mailed again. */
const LETTERS = { unconfirmed: "confirmation", account_locked: "unlock" };

/** Links from mails lead here also when somebody is signed in. */
export function isAtEntrance({ path }) {
  return OF_MAILS.includes(path[0]);
}

export function entrance({ path }) {
  const page = (Object.hasOwn(PAGES, path[0]) ? PAGES[path[0]] : signInPage)(path);
  return h("main", { class: "entrance" }, h("p", { class: "brand" }, "ChatFlow"), page);
}

/** Whatever place was asked for comes after it, also by way of signing up. */
function signInPage(path) {
  const card = h("section", { class: "card" });
  const letter = h("p", { class: "aside", role: "status" });
  const password = { ...PASSWORD, autocomplete: "current-password" };
  const sign = async (user) => {
    try {
      await signIn(user);
    } catch (error) {
      fill(letter, LETTERS[error.code] && letterButton(LETTERS[error.code], user, letter));
      if (error.code !== "second_factor_required") throw error;
      fill(card, ...secondFactor(user));
      card.querySelector("input").focus();
    }
  };
  const fields = [{ ...EMAIL, autofocus: true }, password];
  return fill(
    card,
    h("h1", {}, "Sign in"),
    path[0] === "join" && h("p", {}, "You are invited to a group. Sign in to join it."),
    form({ fields, submit: sign, button: "Sign in" }),
    letter,
    h(
      "p",
      { class: "aside" },
      "New here? ",
      h("a", { href: href("sign-up", ...path) }, "Create an account"),
    ),
    h("p", { class: "aside" }, h("a", { href: href("forgotten") }, "Forgot your password?")),
  );
}

function letterButton(about, { email }, letter) {
  const send = () =>
    askForLetter(about, email).then(
      (message) => fill(letter, message),
      (error) => fill(letter, error.message),
    );
  return h("button", { onclick: send }, "Send me that mail again");
}

function secondFactor(user) {
  const submit = ({ otp_attempt }) => signIn({ ...user, otp_attempt });
  return [h("h1", {}, "Your second factor"), form({ fields: [CODE], submit, button: "Sign in" })];
}

function signUpPage([, ...after]) {
  const card = h("section", { class: "card" });
  const submit = async ({ email, password, name, username }) => {
    const wish = { email, password, name, username: username || null };
    const message = await signUp(wish);
    if (message) fill(card, ...done("Almost there", message));
    else replace(...after);
  };
  const fields = [
    { name: "name", label: "Your name", autocomplete: "name", autofocus: true },
    {
      name: "username",
      label: "Username",
      hint: "Others mention you by it. You may leave it out.",
      autocapitalize: "none",
    },
    EMAIL,
    NEW_PASSWORD,
  ];
  return fill(
    card,
    h("h1", {}, "Create an account"),
    form({ fields, submit, button: "Create account" }),
    h("p", { class: "aside" }, "You have one? ", h("a", { href: href(...after) }, "Sign in")),
  );
}

function forgottenPage() {
  const card = h("section", { class: "card" });
  const submit = async ({ email }) =>
    fill(card, ...done("Look into your mail", await askForLetter("password", email)));
  return fill(
    card,
    h("h1", {}, "Forgot your password?"),
    h("p", {}, "We mail you a link by which you choose a new one."),
    form({ fields: [{ ...EMAIL, autofocus: true }], submit, button: "Send the link" }),
    h("p", { class: "aside" }, h("a", { href: href() }, "Back to signing in")),
  );
}

function passwordPage([, token]) {
  const card = h("section", { class: "card" });
  const reset = async (wish) => {
    await resetPassword({ reset_password_token: token, ...wish });
    replace();
  };
  const submit = async ({ password }) => {
    try {
      await reset({ password });
    } catch (error) {
      if (error.code !== "second_factor_required") throw error;
      const again = ({ otp_attempt }) => reset({ password, otp_attempt });
      fill(
        card,
        h("h1", {}, "Your second factor"),
        form({ fields: [CODE], submit: again, button: "Go on" }),
      );
    }
  };
  const fields = [{ ...NEW_PASSWORD, label: "New password", autofocus: true }];
  return fill(
    card,
    h("h1", {}, "A new password"),
    form({ fields, submit, button: "Save and sign in" }),
  );
}

/** The address of the page is that of the API, too: what it answers is how it went. */
function linkPage(during, after) {
  const card = h("section", { class: "card" }, h("h1", {}, during));
  const failed = "Perhaps it is too old, or was used before.";
  get(location.pathname + location.search).then(
    () => fill(card, ...done(after, "You can go on now.")),
    (error) => fill(card, ...done("This link did not work", error.fields ? failed : error.message)),
  );
  return card;
}

function done(title, words) {
  const back = h("a", { href: href() }, "Go to ChatFlow");
  return [h("h1", {}, title), h("p", { role: "status" }, words), h("p", { class: "aside" }, back)];
}
