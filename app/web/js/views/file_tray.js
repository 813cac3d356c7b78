/** Choosing files for a message: by a button, by pasting or by dropping; and how far they are. */

import { announce, h, keep } from "../dom.js";
import { FILES_MAX, addFiles, removeUpload, tryAgain, uploadsOf } from "../state/uploads.js";
import { iconButton } from "./dialog.js";
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
    this.list = h("ul", { class: "tray", "aria-label": "Files of this message" });
    this.problem = h("p", { class: "error", role: "alert" });
    this.element = h("div", {}, this.problem, this.list, this.input);
  }

  /** Whatever is pasted or dropped there. */
  listenTo(element) {
    element.addEventListener("paste", (event) => this.#take(event, event.clipboardData));
    element.addEventListener("drop", (event) => this.#take(event, event.dataTransfer));
    element.addEventListener("dragover", (event) => {
      const hasFiles = event.dataTransfer.types.includes("Files");
      element.classList.toggle("is-target", hasFiles);
      if (hasFiles) event.preventDefault();
    });
    for (const type of ["dragleave", "drop"]) {
      element.addEventListener(type, () => element.classList.remove("is-target"));
    }
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
    const bar =
      isUnderWay && h("progress", { max: 1, value: part, "aria-label": `Uploading ${name}` });
    if (bar) one.show = (now) => (bar.value = now);
    const again = () => tryAgain(this.id, one);
    return h(
      "li",
      {},
      h("bdi", { class: "name" }, name),
      h("span", { class: "hint" }, sizeOf(size)),
      bar,
      problem && h("span", { class: "error", role: "alert" }, problem),
      problem && file && h("button", { class: "plain", onclick: again }, "Try again"),
      iconButton("close", `${isUnderWay ? "Cancel" : "Remove"} ${name}`, () =>
        removeUpload(this.id, one),
      ),
    );
  }
}
