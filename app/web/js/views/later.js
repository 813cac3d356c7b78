/** What comes when it is wanted first: all of it has to ask the server for what it shows. */

import { h } from "../dom.js";
import { changed } from "../state/store.js";
import { ask, openFrame } from "./dialog.js";
import { PEOPLE, openFinder } from "./finding.js";

/** Each answers the module, or null until it is there; then the page is drawn anew. */
export const details = later(() => import("./details/details.js"));
export const joining = later(() => import("./joining.js"));
export const settings = later(() => import("./settings/settings.js"));

export const openPins = opener(
  () => openFrame("Pinned messages", "drawer"),
  () => import("./pins.js"),
);
export const openVersions = opener(
  () => openFrame("Earlier versions"),
  () => import("./versions.js"),
);
export const openSearching = opener(
  () =>
    openFinder({
      title: "Search messages",
      label: "Words to find",
      placeholder: "Accents and capitals make no difference",
    }),
  () => import("./searching.js"),
);
export const openStarting = opener(
  () => openFinder({ title: "New conversation", ...PEOPLE }),
  () => import("./starting.js"),
);

function later(load) {
  let module = null;
  let isAsked = false;
  return () => {
    if (!isAsked)
      load()
        .then((loaded) => (module = loaded), askToReload)
        .finally(changed);
    isAsked = true;
    return module;
  };
}

/** The window is there at once, so that nothing is lost that one types; the module fills it. */
function opener(open, load) {
  return (...about) => {
    if (document.querySelector("dialog[open]")) return;
    const frame = open();
    load().then(
      ({ show }) => frame.body.isConnected && show(frame, ...about),
      () => frame.close() || askToReload(),
    );
  };
}

/** A browser does not try again by itself; and the server may have another version by now. */
function askToReload() {
  const words = ["This part could not be loaded. Load the page again when you are online."];
  ask({
    title: "Something is missing",
    words,
    button: "Load again",
    act: async () => location.reload(),
  });
}

export function loadingView() {
  return { element: h("p.empty", { role: "status" }, "Loading …"), render() {} };
}
