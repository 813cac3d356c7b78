/** What happened to one's account. */

import { get } from "../../api.js";
import { h } from "../../dom.js";
import { whole } from "../../times.js";
import { line, lines, loading } from "../listing.js";
import { deviceOf } from "./logins.js";

const NEWEST = 100;
/** Where the name itself does not say it: "login_ended" is "Login ended". */
const WORDS = {
  proof_failed: "The password was asked for again, and was wrong",
  sign_in_failed: "Somebody tried to sign in, with a wrong password",
  second_factor_failed: "A wrong code of the second factor",
  email_change_asked: "Another e-mail was asked for",
  login_ended: "Signed out from elsewhere",
};

export function activity() {
  const what = `The newest ${NEWEST} things that happened to your account. What was not you?`;
  return [
    h("p", `${what} Change your password.`),
    loading(() => get(`/users/activity?limit=${NEWEST}`), draw).element,
  ];
}

function draw(activities) {
  return [lines(activities, activityLine)];
}

function activityLine({ name, at, address, device }) {
  const from = [whole(at), address, device && deviceOf(device)].filter(Boolean).join(" · ");
  return line({ name: WORDS[name] ?? plain(name), hints: [from] });
}

function plain(name) {
  const words = name.replaceAll("_", " ");
  return words[0].toUpperCase() + words.slice(1);
}
