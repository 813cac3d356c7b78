/** Choosing files for a message: by a button, by pasting or by dropping; and how far they are. */

import { announce, h, keep, listen } from "../dom.js";
import { iconButton } from "../icons.js";
import { FILES_MAX, addFiles, removeUpload, tryAgain, uploadsOf } from "../state/uploads.js";
import { sizeOf } from "./files.js";

export class FileTray {
  constructor(id) {
    this.id = id;
    this.input = h("input", {
      type: "file",
      multiple: true,
      hidden: true,
      onchange: () => this.#choose(),
    });
    this.button = iconButton("clip", `Add files, up to ${FILES_MAX}`, () => this.input.click());
    this.list = h("ul.tray", { label: "Files of this message" });
    this.problem = h("p.error", { role: "alert" });
    this.element = h("div", this.problem, this.list, this.input);
  }

  /** Whatever is pasted or dropped there. */
  listenTo(element) {
    const mark = (isTarget) => element.classList.toggle("is-target", isTarget);
    listen(element, {
      paste: (event) => this.#take(event, event.clipboardData),
      dragleave: () => mark(false),
      drop: (event) => mark(false) || this.#take(event, event.dataTransfer),
      dragover: (event) =>
        mark(event.dataTransfer.types.includes("Files")) && event.preventDefault(),
    });
  }

  #take(event, { files }) {
    if (!files.length) return;
    event.preventDefault();
    this.#add(files);
  }

  #choose() {
    this.#add(this.input.files);
    this.input.value = ""; // So that the same one can be chosen again.
  }

  #add(files) {
    this.problem.textContent = addFiles(this.id, files);
    announce(`${uploadsOf(this.id).length} files with this message.`);
  }

  render() {
    const uploads = uploadsOf(this.id);
    if (uploads.length < FILES_MAX) this.problem.textContent = "";
    keep(
      this.list,
      uploads.map((one) => ({ key: one.key, memo: [one], make: () => this.#row(one) })),
    );
  }

  #row(one) {
    const { name, size, problem, attachment, part, file } = one;
    const isUnderWay = !problem && !attachment;
    const bar = isUnderWay && h("progress", { max: 1, value: part, label: `Uploading ${name}` });
    if (bar) one.show = (now) => (bar.value = now);
    const again = () => tryAgain(this.id, one);
    return h(
      "li",
      h("bdi.name", name),
      h("span.hint", sizeOf(size)),
      bar,
      problem && h("span.error", { role: "alert" }, problem),
      problem && file && h("button.plain", again, "Try again"),
      iconButton("close", `${isUnderWay ? "Cancel" : "Remove"} ${name}`, () =>
        removeUpload(this.id, one),
      ),
    );
  }
}
