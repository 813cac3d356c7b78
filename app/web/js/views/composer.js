/** Where one writes: Enter sends, Shift+Enter breaks the line, ArrowUp edits what one said last. */

import { announce, fill, h } from "../dom.js";
import { edit } from "../state/acts.js";
import { draftOf, keepDraft } from "../state/drafts.js";
import { historyOf } from "../state/histories.js";
import { send } from "../state/outbox.js";
import { nameWithin } from "../state/people.js";
import { state } from "../state/store.js";
import { sayTyping } from "../state/typing.js";
import { isUploading, takeUploads, uploadsOf } from "../state/uploads.js";
import { Completion } from "./completion.js";
import { iconButton } from "./dialog.js";
import { openEmojiPicker } from "./emoji.js";
import { FileTray } from "./file_tray.js";

const BODY_MAX_CHARACTERS = 10_000;
const GROWS_BY_ITSELF = CSS.supports("field-sizing", "content");

export class Composer {
  /** `sent()` is called when something was. */
  constructor(id, sent) {
    this.id = id;
    this.sent = sent;
    /** The message that one replies to, or edits. */
    this.replied = this.edited = null;
    this.isSaving = false;
    this.refusal = "";
    this.input = h("textarea", {
      rows: 1,
      dir: "auto",
      enterkeyhint: "send",
      autocomplete: "off",
      onkeydown: (event) => this.#pressed(event),
      oninput: () => this.#written(),
    });
    this.completion = new Completion(id, this.input);
    this.button = iconButton("send", "Send", () => this.send(), "primary");
    this.files = new FileTray(id);
    this.problem = h("p", { class: "error", role: "alert" });
    this.about = h("div", { class: "about", hidden: true });
    this.element = h(
      "form",
      { class: "composer", onsubmit: (event) => event.preventDefault() },
      this.completion.element,
      this.problem,
      this.about,
      this.files.element,
      h(
        "div",
        { class: "writing" },
        this.files.button,
        this.input,
        this.#emojiButton(),
        this.button,
      ),
    );
    this.#write(draftOf(id));
  }

  #emojiButton() {
    const put = (emoji) => {
      const { selectionStart, selectionEnd } = this.input;
      this.input.setRangeText(emoji, selectionStart, selectionEnd, "end");
      this.#written();
      this.input.focus();
    };
    const button = iconButton("smile", "Emoji", () =>
      openEmojiPicker(button, put, () => this.input.focus()),
    );
    return button;
  }

  name(title) {
    this.input.setAttribute("aria-label", `Message to ${title}`);
    this.input.placeholder = `Message to ${title}`;
  }

  /** On a phone the keyboard would cover half of what one came to read. */
  focus() {
    if (matchMedia("(pointer: fine)").matches) this.input.focus();
  }

  reply(message) {
    if (message.withdrawn_at) return;
    if (this.edited) this.#leave();
    this.replied = message;
    this.#sayAbout(`Replying to ${nameWithin(message.user_id)}`, message.body);
  }

  edit(message) {
    if (message.withdrawn_at || message.user_id !== state.me?.id) return;
    this.replied = null;
    this.edited = message;
    this.#write(message.body);
    this.#sayAbout("Editing", message.body);
  }

  #sayAbout(what, words) {
    const cancel = iconButton("close", "Cancel", () => this.#cancel());
    fill(this.about, h("p", { dir: "auto" }, h("bdi", {}, what), ` ${words}`), cancel);
    this.about.hidden = false;
    announce(`${what}.`);
    this.input.focus();
  }

  /** Back to what one was writing. */
  #leave() {
    const wasEditing = this.edited;
    this.replied = this.edited = null;
    this.about.hidden = true;
    if (wasEditing) this.#write(draftOf(this.id));
  }

  #cancel() {
    this.#leave();
    this.input.focus();
  }

  send() {
    const body = this.input.value.trim();
    this.#check();
    if (this.button.disabled) return;
    if (this.edited) {
      this.#save(body);
      return;
    }
    const rest = this.replied ? { reply_to: this.replied.id } : {};
    send(this.id, body, rest, takeUploads(this.id));
    this.#write("");
    this.#cancel();
    this.sent();
  }

  async #save(body) {
    const message = this.edited;
    this.isSaving = true;
    this.#check();
    try {
      if (body !== message.body) await edit(message, body);
      if (this.edited === message) this.#leave();
    } catch (error) {
      this.refusal = error.message;
    }
    this.isSaving = false;
    this.#check();
  }

  #pressed(event) {
    // An input method uses Enter to choose a word.
    if (event.isComposing) return;
    if (this.completion.pressed(event)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) this.#take(event, () => this.send());
    else if (event.key === "Escape" && !this.about.hidden) this.#take(event, () => this.#cancel());
    else if (event.key === "ArrowUp" && !this.input.value) this.#editLast(event);
  }

  #take(event, act) {
    event.preventDefault();
    act();
  }

  #editLast(event) {
    const messages = historyOf(this.id)?.messages ?? [];
    const last = messages.findLast((one) => one.user_id === state.me?.id && !one.withdrawn_at);
    if (last) this.#take(event, () => this.edit(last));
  }

  #write(text) {
    this.input.value = text;
    this.#check();
    if (!this.edited) keepDraft(this.id, text);
  }

  #written() {
    this.refusal = "";
    this.#check();
    this.completion.look();
    if (this.edited) return;
    keepDraft(this.id, this.input.value);
    if (this.input.value.trim()) sayTyping(this.id);
  }

  #check() {
    const text = this.input.value;
    const over = [...text.trim()].length - BODY_MAX_CHARACTERS;
    this.problem.textContent = over > 0 ? `This is ${over} characters too long.` : this.refusal;
    const isEmpty =
      !text.trim() && (this.edited || !uploadsOf(this.id).some((one) => one.attachment));
    const isBusy = this.edited ? this.isSaving : isUploading(this.id);
    this.button.disabled = isEmpty || over > 0 || isBusy;
    if (!GROWS_BY_ITSELF) this.#grow();
  }

  #grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
  }

  render() {
    this.files.render();
    this.#check();
  }

  close() {}
}
