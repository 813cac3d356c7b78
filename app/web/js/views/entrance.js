/** Signing in and up, and getting in again without a password. */

import { get } from "../api.js";
import { fill, h } from "../dom.js";
import { href, replace } from "../places.js";
import { askForLetter, resetPassword, signIn, signUp } from "../state/session.js";
import { CODE, form } from "./form.js";

const EMAIL = { name: "email", label: "E-mail", type: "email", autocomplete: "username" };
const PASSWORD = { name: "password", label: "Password", type: "password" };
const NEW_PASSWORD = { ...PASSWORD, autocomplete: "new-password" };
const OLD_PASSWORD = { ...PASSWORD, autocomplete: "current-password" };
const first = (field) => ({ ...field, autofocus: true });
const NAME = { name: "name", label: "Your name", autocomplete: "name" };
const USERNAME = {
  name: "username",
  label: "Username",
  hint: "Others mention you by it. You may leave it out.",
  autocapitalize: "none",
};

/** Each fills the card with what it shows. */
const PAGES = {
  "sign-up": signUpPage,
  forgotten: forgottenPage,
  password: passwordPage,
  confirmation: linkPage("Confirming your address …", "Your address is confirmed"),
  unlock: linkPage("Unlocking your account …", "Your account is unlocked"),
};
const OF_MAILS = ["password", "confirmation", "unlock"];

/** What somebody who cannot enter may have mailed again. */
const LETTERS = { unconfirmed: "confirmation", account_locked: "unlock" };

/** Links from mails lead here also when somebody is signed in. */
export function isAtEntrance({ path }) {
  return OF_MAILS.includes(path[0]);
}

export function entrance({ path }) {
  const card = h("section.card");
  const page = Object.hasOwn(PAGES, path[0]) ? PAGES[path[0]] : signInPage;
  page((title, ...content) => fill(card, h("h1", title), ...content), path);
  return h("main.entrance", h("p.brand", "ChatFlow"), card);
}

const aside = (...words) => h("p.aside", ...words);
const link = (words, ...path) => h("a", { href: href(...path) }, words);

/** Whatever place was asked for comes after it, also by way of signing up. */
function signInPage(show, path) {
  const letter = h("p.aside", { role: "status" });
  const submit = async (user) => {
    try {
      await signIn(user);
    } catch (error) {
      fill(letter, LETTERS[error.code] && letterButton(LETTERS[error.code], user, letter));
      askForCode(show, error, "Sign in", (code) => signIn({ ...user, ...code }));
    }
  };
  show(
    "Sign in",
    path[0] === "join" && h("p", "You are invited to a group. Sign in to join it."),
    form({ fields: [first(EMAIL), OLD_PASSWORD], submit, button: "Sign in" }),
    letter,
    aside("New here? ", link("Create an account", "sign-up", ...path)),
    aside(link("Forgot your password?", "forgotten")),
  );
}

function letterButton(about, { email }, letter) {
  const say = ({ message }) => fill(letter, message ?? "");
  const send = () => askForLetter(about, email).then((message) => say({ message }), say);
  return h("button", send, "Send me that mail again");
}

/** If that is what the server misses. */
function askForCode(show, error, button, submit) {
  if (error.code !== "second_factor_required") throw error;
  show("Your second factor", form({ fields: [CODE], submit, button }))
    .querySelector("input")
    .focus();
}

function signUpPage(show, [, ...after]) {
  const submit = async (wish) => {
    const message = await signUp({ ...wish, username: wish.username || null });
    if (message) done(show, "Almost there", message);
    else replace(...after);
  };
  show(
    "Create an account",
    form({
      fields: [first(NAME), USERNAME, EMAIL, NEW_PASSWORD],
      submit,
      button: "Create account",
    }),
    aside("You have one? ", link("Sign in", ...after)),
  );
}

function forgottenPage(show) {
  const submit = async ({ email }) =>
    done(show, "Look into your mail", await askForLetter("password", email));
  show(
    "Forgot your password?",
    h("p", "We mail you a link by which you choose a new one."),
    form({ fields: [first(EMAIL)], submit, button: "Send the link" }),
    aside(link("Back to signing in")),
  );
}

function passwordPage(show, [, reset_password_token]) {
  const reset = (wish) => resetPassword({ reset_password_token, ...wish }).then(() => replace());
  const submit = (wish) =>
    reset(wish).catch((error) =>
      askForCode(show, error, "Go on", (code) => reset({ ...wish, ...code })),
    );
  const fields = [first({ ...NEW_PASSWORD, label: "New password" })];
  show("A new password", form({ fields, submit, button: "Save and sign in" }));
}

/** The address of the page is that of the API, too: what it answers is how it went. */
function linkPage(during, after) {
  const failed = "Perhaps it is too old, or was used before.";
  return (show) => {
    show(during);
    get(location.pathname + location.search).then(
      () => done(show, after, "You can go on now."),
      (error) => done(show, "This link did not work", error.fields ? failed : error.message),
    );
  };
}

function done(show, title, words) {
  show(title, h("p", { role: "status" }, words), aside(link("Go to ChatFlow")));
}
