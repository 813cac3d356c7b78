/** Something small above the page, beside what it belongs to; it goes by Escape, or by a look away. */

import { h } from "../dom.js";

const GAP = 4;

/**
 * Answers how to close it. The browser gives the focus back; `back()` is called where it cannot,
 * because what had it is not there any more.
 */
export function openPopover(element, anchor, back) {
  const popover = h("div.popover", { popover: "auto" }, element);
  popover.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    popover.remove();
    if (document.activeElement === document.body) back();
  });
  document.body.append(popover);
  popover.showPopover();
  place(popover, anchor.getBoundingClientRect());
  return () => popover.isConnected && popover.hidePopover();
}

/** Below what it belongs to, or above where there is more room; always within the page. */
function place(popover, at) {
  const { offsetWidth, offsetHeight } = popover;
  const roomBelow = innerHeight - at.bottom - GAP;
  const isBelow = roomBelow >= offsetHeight || roomBelow > at.top;
  const top = isBelow ? at.bottom + GAP : at.top - GAP - offsetHeight;
  const within = (value, most) => `${Math.max(GAP, Math.min(value, most - GAP))}px`;
  popover.style.top = within(top, innerHeight - offsetHeight);
  popover.style.left = within(at.right - offsetWidth, innerWidth - offsetWidth);
}

/** Arrow keys go from one to the next of what may be pressed; `columns` lie beside each other. */
export function walk(event, buttons, columns = 1) {
  const steps = { ArrowDown: columns, ArrowUp: -columns, ArrowRight: 1, ArrowLeft: -1 };
  const step = steps[event.key];
  if (!step || !buttons.length) return;
  event.preventDefault();
  buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length).focus();
}
