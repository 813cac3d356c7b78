/** What comes when it is wanted first: all of it has to ask the server for what it shows. */

import { h } from "../dom.js";
import { changed } from "../state/store.js";
import { ask } from "./asking.js";

/** Each answers the module, or null until it is there; then the page is drawn anew. */
export const details = later(() => import("./details/details.js"));
export const joining = later(() => import("./joining.js"));
export const settings = later(() => import("./settings/settings.js"));

export const openPins = opener(() => import("./pins.js"));
export const openSearching = opener(() => import("./searching.js"));
export const openStarting = opener(() => import("./starting.js"));
export const openVersions = opener(() => import("./versions.js"));

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

/** A window above the page, unless another was opened meanwhile. */
function opener(load) {
  return (...about) => {
    const show = ({ open }) => document.querySelector("dialog[open]") || open(...about);
    load().then(show, askToReload);
  };
}

/** A browser does not try again by itself; and the server may have another version by now. */
function askToReload() {
  const words = ["This part could not be loaded. Load the page again when you are online."];
  ask({ title: "Something is missing", words, button: "Load again", act: () => location.reload() });
}

export function loadingView() {
  return {
    element: h("p", { class: "empty", role: "status" }, "Loading …"),
    render() {},
    close() {},
  };
}
