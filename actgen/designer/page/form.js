// The spec as a form. The text stays what counts: a field that is changed is an edit of the text.

import { make } from "./elements.js";
import { Fields } from "./fields.js";
import { formulaSection, letSection } from "./formulas.js";
import { parameterSection } from "./parameters.js";
import { ask } from "./session.js";

/** A form in `root`. `getText()` is the spec; `setText(text)` puts another one in its place. */
export class Form {
  constructor(root, { getText, setText, attempt }) {
    Object.assign(this, { root, getText, setText, attempt });
    this.fields = new Fields((edits) => this.edit(edits));
    this.last = Promise.resolve();
  }

  /** Shows what the text says; what somebody types in just now stays, unless `forced`. */
  async update({ forced = false } = {}) {
    const text = this.getText();
    const { form } = await ask("form", { text });
    if (text !== this.getText() || !form) return;
    const shape = JSON.stringify(form, (key, value) => (["text", "is_set"].includes(key) || /line|column/.test(key) ? undefined : value));
    this.form = form;
    if (shape !== this.shape) this.#build(form, shape);
    this.fields.show(form, forced);
  }

  /** Says below a field what is wrong in it. */
  mark(findings) {
    this.fields.mark(findings);
  }

  #build(form, shape) {
    const typing = this.root.contains(document.activeElement) ? document.activeElement : null;
    this.shape = shape;
    this.fields.clear();
    const { fields } = this;
    const context = { form, fields, edit: (edits, focus) => this.edit(edits, focus) };
    this.root.replaceChildren(
      make(
        "section",
        { className: "group" },
        fields.row("Title", form.head.title, { kind: "text" }),
        fields.row("Name", form.head.name, { kind: "name", hint: "names the files, the function and the layer" }),
        fields.row("Summary", form.head.summary, { kind: "text", optional: true, placeholder: "one sentence" }),
      ),
      formulaSection(context),
      letSection(context),
      parameterSection(context),
    );
    if (typing?.id) goOn(typing, document.getElementById(typing.id));
  }

  /** Makes edits, one after the other; then the field of the path `focus` is ready to be typed in. */
  edit(edits, focus) {
    const made = this.last.then(() => this.attempt(() => this.#edit(edits, focus)));
    this.last = made;
    return made;
  }

  /** Done when all that was typed into the form is in the text. */
  async settled() {
    await this.fields.flush();
    await this.last;
  }

  async #edit(edits, focus) {
    const before = this.getText();
    const { text } = await ask("edit", { text: before, edits });
    if (before !== this.getText()) return this.#edit(edits, focus);
    this.setText(text);
    if (!focus) return;
    await this.update();
    this.fields.focus(focus);
  }

  /** Makes these texts, by parameter, the initial values. */
  take(values) {
    const edits = this.form.parameters
      .filter(({ name, init }) => name in values && (init.text !== null || init.is_set))
      .map(({ name, init }) => ({ path: init.path, value: String(values[name]) }));
    return edits.length ? this.edit(edits) : undefined;
  }
}

/** Whoever was typing in a field types on in the one that has taken its place. */
function goOn(before, now) {
  if (!now) return;
  now.value = before.value;
  now.focus();
  if (typeof before.selectionStart === "number") now.setSelectionRange?.(before.selectionStart, before.selectionEnd);
}
