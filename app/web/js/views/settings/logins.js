/** Where one is signed in, and ending it there. */

import { hear } from "../../state/store.js";
import { del, get } from "../../api.js";
import { h } from "../../dom.js";
import { whole } from "../../times.js";
import { ask } from "../dialog.js";
import { leaveAccount } from "../leaving.js";
import { line, lines, loading } from "../listing.js";

const PATH = "/users/logins";

/** The list that was shown last. */
let shown = null;

export function logins() {
  shown = loading(() => get(PATH), draw);
  return [h("p", "Sign out what you do not know, and change your password."), shown.element];
}

hear("login.created login.ended", () => shown?.element.isConnected && shown.load());

function draw(logins, again) {
  const sorted = logins.toSorted((one, other) => other.current - one.current);
  const end = () => ask(ending("everywhere else", PATH, again));
  const others = h("button.danger", end, "Sign out everywhere else");
  return [lines(sorted, (login) => loginLine(login, again)), logins.length > 1 && h("div", others)];
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

/** What a browser calls itself, in words that people use. */
const BROWSERS = [
  [/\bEdg/, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bFirefox\/|\bFxiOS/, "Firefox"],
  [/Chrom|CriOS/, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS/, "macOS"],
  [/Linux/, "Linux"],
];

export function deviceOf(agent) {
  if (!agent) return "A program";
  const of = (kinds) => kinds.find(([pattern]) => pattern.test(agent))?.[1];
  const [browser, system] = [of(BROWSERS), of(SYSTEMS)];
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? agent.slice(0, 60);
}
