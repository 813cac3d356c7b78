/** Where one is signed in, and ending it there. */

import { del, get } from "../../api.js";
import { h } from "../../dom.js";
import { hear } from "../../state/hearing.js";
import { whole } from "../../times.js";
import { ask } from "../asking.js";
import { deviceOf } from "../devices.js";
import { leaveAccount } from "../leaving.js";
import { line, lines } from "../lines.js";
import { loading } from "../loading.js";

const PATH = "/users/logins";

/** The list that was shown last. */
let shown = null;

export function logins() {
  shown = loading(() => get(PATH), draw);
  return [h("p", {}, "Sign out what you do not know, and change your password."), shown.element];
}

for (const type of ["login.created", "login.ended"]) {
  hear(type, () => shown?.element.isConnected && shown.load());
}

function draw(logins, again) {
  const sorted = logins.toSorted((one, other) => other.current - one.current);
  const end = () => ask(ending("everywhere else", PATH, again));
  const others = h("button", { class: "danger", onclick: end }, "Sign out everywhere else");
  return [
    lines(sorted, (login) => loginLine(login, again)),
    logins.length > 1 && h("div", {}, others),
  ];
}

function loginLine({ id, current, device, address, created_at, last_seen_at }, again) {
  const name = deviceOf(device);
  return line({
    name,
    badge: current && "This one",
    hints: [
      `${address ?? "Address unknown"} · last here ${whole(last_seen_at)}`,
      `Signed in ${whole(created_at)}`,
    ],
    button: "Sign out",
    label: `Sign out ${current ? "here" : name}`,
    end: current && leaveAccount,
    question: ending("there", `${PATH}/${id}`, again),
  });
}

function ending(where, path, again) {
  const act = async () => {
    await del(path);
    again();
  };
  return { title: `Sign out ${where}?`, words: ["It happens at once."], button: "Sign out", act };
}
