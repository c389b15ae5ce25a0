// The spec as a form. The text stays what counts: a field that is changed is an edit of the text.

import { button, make, part } from "./elements.js";
import { Fields } from "./fields.js";
import { formulaSection, letSection } from "./formulas.js";
import { parameterSection } from "./parameters.js";
import { ask } from "./session.js";

/** A form in `root`. `getText()` is the spec; `setText(text)` puts another one in its place. */
export class Form {
  constructor(root, { getText, setText, attempt }) {
    Object.assign(this, { root, getText, setText, attempt });
    this.fields = new Fields(
      (edits) => this.edit(edits),
      (path, name, fault) => this.rename(path, name, fault),
    );
    this.last = Promise.resolve();
  }

  /** Shows what the text says; what somebody types in just now stays, unless `forced`. */
  async update({ forced = false } = {}) {
    const text = this.getText();
    const { form } = await ask("form", { text });
    if (text !== this.getText()) return;
    if (!form) return this.#unreadable();
    const shape = JSON.stringify(form, (key, value) => (["text", "is_set"].includes(key) || /line|column/.test(key) ? undefined : value));
    this.form = form;
    if (shape !== this.shape) this.#build(form, shape);
    this.fields.show(form, forced);
  }

  /** What the spec declares, as far as the form shows it. */
  get names() {
    return this.form?.names ?? [];
  }

  /** Says below a field what is wrong in it; `mend(finding)` is a button that mends it, or null. */
  mark(findings, mend) {
    this.fields.mark(findings, mend);
  }

  /** What has no fields can be mended in the text alone. */
  #unreadable() {
    this.shape = undefined;
    this.fields.clear();
    const toText = button("Go to the text", () => {
      part("tab-text").click();
      part("spec").focus();
    });
    this.root.replaceChildren(make("p", { className: "hint" }, "The spec is no YAML that can be read, so it has no fields. It can be mended in the text."), toText);
  }

  #build(form, shape) {
    const controls = () => [...this.root.querySelectorAll("input, textarea, button, summary")];
    const before = controls();
    const typing = before.find((control) => control === document.activeElement);
    this.shape = shape;
    this.fields.clear();
    const { fields } = this;
    const context = { form, fields, edit: (edits, focus) => this.edit(edits, focus) };
    this.root.replaceChildren(
      make(
        "section",
        { className: "group" },
        fields.row("Title", form.head.title, { kind: "text", optional: true, placeholder: "the name in words" }),
        fields.row("Name", form.head.name, { kind: "name", hint: "names the files, the function and the layer" }),
        fields.row("Summary", form.head.summary, { kind: "words", optional: true, placeholder: "one sentence" }),
      ),
      formulaSection(context),
      letSection(context),
      parameterSection(context),
    );
    if (!typing) return;
    const after = controls();
    const sameId = after.find(({ id }) => id && id === typing.id);
    goOn(typing, sameId ?? (after.length === before.length ? after[before.indexOf(typing)] : undefined)); // renamed
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

  /** Gives what is declared at a path another name; says whether it has it now, and beside the name why not. */
  rename(path, name, fault) {
    const made = this.last.then(async () => {
      try {
        await this.#change("rename", { path, name });
        return true;
      } catch (error) {
        fault.textContent = error.message;
        return false;
      }
    });
    this.last = made;
    return made;
  }

  async #edit(edits, focus) {
    await this.#change("edit", { edits });
    if (!focus) return;
    await this.update();
    this.fields.focus(focus);
  }

  /** Asks for another text, once more where somebody has changed it meanwhile. */
  async #change(kind, change) {
    const before = this.getText();
    const { text } = await ask(kind, { text: before, ...change });
    if (before !== this.getText()) return this.#change(kind, change);
    this.setText(text);
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
  if ("value" in before) now.value = before.value;
  now.focus();
  if (typeof before.selectionStart === "number") now.setSelectionRange?.(before.selectionStart, before.selectionEnd);
}
