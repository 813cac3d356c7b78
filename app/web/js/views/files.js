/** The files of a message: pictures in small, and downloads. Their height is known from the start. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { openDialog } from "./dialog.js";

const UNITS = ["bytes", "KB", "MB", "GB"];

export function sizeOf(bytes) {
  const step = Math.min(Math.floor(Math.log10(bytes || 1) / 3), UNITS.length - 1);
  const number = bytes / 1_000 ** step;
  return `${number.toFixed(number < 10 && step ? 1 : 0)} ${UNITS[step]}`;
}

export function files({ attachments, withdrawn_at }) {
  if (!attachments?.length || withdrawn_at) return null;
  return h("ul.files", ...attachments.map((one) => h("li", fileView(one))));
}

function fileView(one) {
  if (one.thumbnail) return pictureView(one);
  const words = h("span", h("bdi", one.name), h("span.hint", detail(one)));
  if (one.state !== "ready")
    return h("span", { class: `file is-${one.state}` }, icon("clip"), words);
  return h("a.file", { href: address(one), download: one.name }, icon("clip"), words);
}

function detail({ state, size }) {
  if (state === "processing") return "This picture is being made ready …";
  if (state === "failed") return "This picture could not be read, and was not kept.";
  return sizeOf(size);
}

const address = ({ id }) => `/attachments/${id}`;

function pictureView(one) {
  const { name, width, height } = one;
  const image = h("img", {
    src: `${address(one)}/thumbnail`,
    alt: name,
    width,
    height,
    loading: "lazy",
  });
  const open = () => openPicture(one);
  return h("button.picture", { title: name, onclick: open }, image);
}

function openPicture(one) {
  const { name, size, width, height } = one;
  const image = h("img.whole", { src: address(one), alt: name, width, height });
  const save = h("a", { href: address(one), download: name }, `Download (${sizeOf(size)})`);
  openDialog(name, image, h("p", save));
}
