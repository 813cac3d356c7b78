/** Where one writes: Enter sends, Shift+Enter breaks the line, ArrowUp edits what one said last. */

import { h, say } from "../dom.js";
import { iconButton } from "../icons.js";
import { edit } from "../state/acts.js";
import { summary } from "../state/conversations.js";
import { historyOf } from "../state/histories.js";
import { draftOf, keepDraft, send } from "../state/outbox.js";
import { isMe } from "../state/store.js";
import { sayTyping } from "../state/presence.js";
import { isUploading, takeUploads, uploadsOf } from "../state/uploads.js";
import { About } from "./about.js";
import { FileTray } from "./file_tray.js";
import { Writing } from "./writing.js";

export class Composer {
  /** `sent()` is called when something was. */
  constructor(id, sent) {
    this.id = id;
    this.sent = sent;
    this.refusal = "";
    const [pressed, written] = [(event) => this.#pressed(event), () => this.#written()];
    this.writing = new Writing(id, { pressed, written });
    this.about = new About(() => this.#cancel());
    this.files = new FileTray(id);
    this.button = iconButton("send", "Send", () => this.send(), "primary");
    this.problem = h("p.error", { role: "alert" });
    const { completion, input, emoji } = this.writing;
    this.element = h(
      "form.composer",
      { onsubmit: (event) => event.preventDefault() },
      completion.element,
      this.problem,
      this.about.element,
      this.files.element,
      h("div.writing", this.files.button, input, emoji, this.button),
    );
    this.#resume();
  }

  /** What one was writing, before one edited something or the page was closed. */
  #resume() {
    const { text, replied } = draftOf(this.id);
    this.about.turn({ replied });
    this.#write(text);
  }

  #write(text) {
    this.writing.write(text);
    this.#keep();
    this.#check();
  }

  #keep() {
    const { replied, edited } = this.about;
    if (!edited) keepDraft(this.id, { text: this.writing.input.value, replied });
  }

  name(title) {
    this.writing.name(title);
  }

  /** On a phone the keyboard would cover half of what one came to read. */
  focus() {
    if (matchMedia("(pointer: fine)").matches) this.writing.input.focus();
  }

  reply(message) {
    if (message.withdrawn_at) return;
    if (this.about.edited) this.#resume();
    this.about.turn({ replied: summary(message) });
    this.#keep();
    this.writing.input.focus();
  }

  edit(message) {
    if (message.withdrawn_at || !isMe(message.user_id)) return;
    this.about.turn({ edited: message });
    this.#write(message.body);
    this.writing.input.focus();
  }

  #cancel() {
    if (this.about.edited) this.#resume();
    else this.about.turn({});
    this.#keep();
    this.writing.input.focus();
  }

  send() {
    const { replied, edited } = this.about;
    this.#check();
    if (this.button.disabled) return;
    if (edited) {
      this.#save(edited);
      return;
    }
    const rest = replied ? { reply_to: replied.id } : {};
    send(this.id, this.writing.words, rest, takeUploads(this.id));
    this.#write("");
    this.#cancel();
    this.sent();
  }

  async #save(message) {
    const body = this.writing.words;
    this.isSaving = true;
    this.#check();
    try {
      if (body !== message.body) await edit(message, body);
      if (this.about.edited === message) this.#resume();
    } catch (error) {
      this.refusal = error.message;
    }
    this.isSaving = false;
    this.#check();
  }

  /** Answers whether the key was for something here. */
  #pressed({ key, shiftKey }) {
    if (key === "Enter" && !shiftKey) this.send();
    else if (key === "Escape" && !this.about.element.hidden) this.#cancel();
    else return key === "ArrowUp" && !this.writing.input.value && this.#editLast();
    return true;
  }

  #editLast() {
    const messages = historyOf(this.id)?.messages ?? [];
    const last = messages.findLast((one) => isMe(one.user_id) && !one.withdrawn_at);
    if (last) this.edit(last);
    return Boolean(last);
  }

  #written() {
    this.refusal = "";
    this.#check();
    this.#keep();
    if (!this.about.edited && this.writing.words) sayTyping(this.id);
  }

  #check() {
    const { over, words } = this.writing;
    const isEdit = Boolean(this.about.edited);
    const hasFile = !isEdit && uploadsOf(this.id).some((one) => one.attachment);
    const isBusy = isEdit ? this.isSaving : isUploading(this.id);
    this.button.disabled = (!words && !hasFile) || over > 0 || isBusy;
    say(this.problem, over > 0 ? `This is ${over} characters too long.` : this.refusal);
  }

  render() {
    this.files.render();
    this.about.render();
    this.writing.grow();
    this.#check();
  }
}
