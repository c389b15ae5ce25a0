// The spec as a form: a field for the title, each formula and each initial value. The text stays what counts.

import { ask } from "./session.js";

const PAUSE_MS = 250;
const element = (name, text, properties = {}) => Object.assign(document.createElement(name), { textContent: text }, properties);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** A form in `root`. `getText()` is the spec; `setText(text)` puts another one in its place. */
export class Form {
  constructor(root, { getText, setText, attempt }) {
    Object.assign(this, { root, getText, setText, attempt });
    this.fields = [];
    this.inputs = [];
    this.list = root.querySelector("[data-form=fields]");
    this.name = root.querySelector("[data-form=name]");
    this.value = root.querySelector("[data-form=value]");
    root.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.attempt(() => this.#add());
    });
  }

  /** Shows what the text says; what somebody types in just now stays. */
  async update() {
    const text = this.getText();
    const { fields } = await ask("form", { text });
    if (text !== this.getText() || !fields) return;
    if (!same(fields.map((f) => f.path), this.fields.map((f) => f.path))) this.#build(fields);
    this.fields = fields;
    fields.forEach((field, i) => {
      if (document.activeElement !== this.inputs[i]) this.inputs[i].value = field.text;
    });
  }

  /** Says below a field what is wrong in it. */
  mark(findings) {
    this.fields.forEach((field, i) => {
      const inside = findings.filter((f) => f.severity === "error" && f.line >= field.line && f.line <= field.end_line);
      this.inputs[i].toggleAttribute("aria-invalid", inside.length > 0);
      const words = inside.map((f) => (f.help ? `${f.message}; ${f.help}` : f.message));
      document.getElementById(`${this.inputs[i].id}-fault`).textContent = words.join(". ");
    });
  }

  #build(fields) {
    this.inputs = fields.map((field, i) => this.#input(field, i));
    this.list.replaceChildren(
      ...fields.map((field, i) => {
        const row = element("div", "", { className: `field ${field.kind}` });
        const fault = element("p", "", { className: "fault", id: `field-${i}-fault` });
        row.append(element("label", field.label, { htmlFor: `field-${i}` }), this.inputs[i], fault);
        return row;
      }),
    );
  }

  #input(field, i) {
    const input = document.createElement(field.kind === "formula" ? "textarea" : "input");
    Object.assign(input, { id: `field-${i}`, value: field.text, spellcheck: field.kind === "text", autocomplete: "off" });
    if (field.kind === "formula") input.rows = 2;
    input.setAttribute("aria-describedby", `field-${i}-fault`);
    let timer = 0;
    const send = () => this.attempt(() => this.#edit([{ path: field.path, value: input.value.replaceAll("\n", " ") }]));
    input.addEventListener("input", () => {
      clearTimeout(timer);
      if (input.value.trim()) timer = setTimeout(send, PAUSE_MS);
    });
    return input;
  }

  async #edit(edits) {
    const before = this.getText();
    const { text } = await ask("edit", { text: before, edits });
    if (before === this.getText()) this.setText(text);
  }

  async #add() {
    const path = ["parameters", this.name.value.trim()];
    await this.#edit([{ path, value: this.value.value.trim() || "1" }]);
    this.name.value = this.value.value = "";
  }

  /** Makes these values, by parameter, the initial ones. */
  async take(values) {
    const edits = [];
    for (const { path } of this.fields) {
      if (path[0] === "parameters" && path[1] in values) edits.push({ path, value: String(values[path[1]]) });
    }
    if (edits.length) await this.#edit(edits);
  }
}
