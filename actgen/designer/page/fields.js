// The fields of the form: each knows its path in the spec, what it says there, and what is wrong with it.

import { make } from "./elements.js";
import { nameBox } from "./renaming.js";

const PAUSE_MS = 200;
const KEPT = "Empty, so the spec still says what stood here.";
const keyOf = (path) => path.join(" ");

/** All fields of a form; `edit(edits)` changes the spec. */
export class Fields {
  constructor(edit, rename) {
    Object.assign(this, { edit, rename });
    this.waiting = new Set(); // fields whose text is not in the spec yet
    this.clear();
  }

  clear() {
    this.all = new Map();
    this.names = new Map();
  }

  /** A row with a label. `kind` is text, words, name, formula, condition or number; an `optional` one may be emptied. */
  row(label, field, options) {
    const { input, fault } = this.input(label, field, options);
    const hint = options.hint ? make("p", { className: "hint" }, options.hint) : null;
    return make("div", { className: `field ${options.kind}` }, make("label", { htmlFor: input.id }, label), input, hint, fault);
  }

  /** An input and the place of its faults, for rows of another make. */
  input(label, field, { kind, optional = false, placeholder = "", send, read } = {}) {
    const isLong = kind === "formula" || kind === "words";
    const id = `field-${keyOf(field.path).replaceAll(/\W+/g, "-")}`;
    const input = make(isLong ? "textarea" : "input", { id, placeholder, autocomplete: "off", spellcheck: kind === "text" || kind === "words" });
    if (isLong) Object.assign(input, { rows: 1, className: kind });
    const fault = make("p", { className: "fault", id: `${id}-fault` });
    input.setAttribute("aria-describedby", fault.id);
    input.setAttribute("aria-label", label);
    if (kind === "number") input.inputMode = "decimal";
    const entry = { input, fault, field, read: read ?? ((text) => text ?? "") };
    const plain = (value) => (value ? [{ path: field.path, value }] : optional && entry.field.is_set ? [{ path: field.path, value: null }] : []);
    input.addEventListener("input", () => this.#later(entry, () => (send ?? plain)(input.value.replaceAll("\n", " ").trim())));
    if (!optional && !send) this.#keep(entry);
    this.all.set(keyOf(field.path), entry);
    return { input, fault };
  }

  /** What may not be empty says so, and has again what the spec says once it is left. */
  #keep(entry) {
    const { input, fault } = entry;
    input.addEventListener("input", () => {
      if (!input.value.trim()) fault.textContent = KEPT;
      else if (fault.textContent === KEPT) fault.textContent = "";
    });
    input.addEventListener("blur", () => {
      if (input.value.trim()) return;
      input.value = entry.read(entry.field.text);
      fault.textContent = "";
    });
  }

  /** Sends what `read` says after a pause, unless somebody types on. */
  #later(entry, read) {
    clearTimeout(entry.timer);
    entry.send = async () => {
      const { timer } = entry;
      clearTimeout(timer);
      this.waiting.delete(entry);
      const edits = read();
      if (edits.length) await this.edit(edits);
      if (entry.timer === timer) entry.timer = undefined; // else somebody has typed on
    };
    this.waiting.add(entry);
    entry.timer = setTimeout(entry.send, PAUSE_MS);
  }

  /** Sends at once what waits. */
  flush() {
    return Promise.all([...this.waiting].map((entry) => entry.send()));
  }

  /** A declared name that can be typed over, and the place of its faults; `what` it is the name of. */
  name(what, name, path) {
    const fault = make("p", { className: "fault" });
    const input = nameBox(what, name, async (wanted) => {
      await this.flush();
      return this.rename(path, wanted, fault);
    });
    this.names.set(keyOf(path), { input, fault });
    return { input, fault };
  }

  /** A box to tick: `isOn(text)` and `send(checked)`. */
  tick(label, field, { isOn, send, title = "" }) {
    const input = make("input", { type: "checkbox", id: `field-${keyOf(field.path).replaceAll(/\W+/g, "-")}` });
    input.addEventListener("change", () => this.edit(send(input.checked)));
    const fault = make("p", { className: "fault" });
    this.all.set(keyOf(field.path), { input, fault, field, isOn });
    return make("label", { className: "toggle", title }, input, label);
  }

  /** Shows what the spec says now; what is being typed in stays, unless `forced`. */
  show(form, forced) {
    for (const place of form.names) Object.assign(this.names.get(keyOf(place.path)) ?? {}, { field: place });
    for (const field of fieldsOf(form)) {
      const entry = this.all.get(keyOf(field.path));
      if (!entry) continue;
      entry.field = field;
      if (entry.isOn) entry.input.checked = entry.isOn(field.text);
      else if (forced || (document.activeElement !== entry.input && entry.timer === undefined)) entry.input.value = entry.read(field.text);
    }
  }

  /** What stands in a field by now; null for nothing, or where it is not shown. */
  textOf({ path }) {
    return this.all.get(keyOf(path))?.input.value.replaceAll("\n", " ").trim() || null;
  }

  /** Says in each field what is wrong there; `mend(finding)` is a button that mends it, or null. */
  mark(findings, mend) {
    const errors = findings.filter((f) => f.severity === "error" && f.line !== null);
    for (const { input, fault, field } of [...this.all.values(), ...this.names.values()]) {
      const inside = errors.filter((finding) => isInside(finding, field));
      input.toggleAttribute("aria-invalid", inside.length > 0);
      const said = inside.map((f) => (f.help ? `${f.message}; ${f.help}` : f.message)).join(". ");
      fault.replaceChildren(said, ...inside.map(mend).filter(Boolean));
    }
  }

  focus(path) {
    const { input } = this.all.get(keyOf(path)) ?? this.names.get(keyOf(path)) ?? {};
    input?.focus();
    input?.select?.();
  }
}

const isInside = (finding, field) => {
  if (field.line === null || finding.line < field.line || finding.line > field.end_line) return false;
  if (field.line !== field.end_line) return true;
  return finding.column < field.end_column && (finding.end_line > finding.line || finding.end_column > field.column);
};

const fieldsOf = (found) => {
  if (found === null || typeof found !== "object") return [];
  return "is_set" in found ? [found] : Object.values(found).flatMap(fieldsOf);
};
