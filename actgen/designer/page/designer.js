// The designer: a spec that is edited, and everything that follows from it.

import { Building } from "./building.js";
import { Editor, insertText } from "./editor.js";
import { showFindings } from "./findings.js";
import { Form } from "./form.js";
import { showFormulas, showRemark, showText } from "./panels.js";
import { Refusal, ask } from "./session.js";

const { actgen } = globalThis;
const PAUSE_MS = 120;
const TAB = crypto.randomUUID();
const LANGUAGES = { kernel: "cpp", javascript: "javascript" };
const part = (id) => document.getElementById(id);

class Designer {
  constructor() {
    this.editor = new Editor(part("editor"), () => this.edited());
    this.form = new Form(part("panel-form"), {
      getText: () => this.editor.text,
      setText: (text) => {
        this.editor.text = text;
        this.edited();
      },
      attempt: (action) => this.attempt(action),
    });
    this.building = new Building(part("building"));
    this.file = { text: "", revision: null };
    this.turn = 0;
    part("save").addEventListener("click", () => this.attempt(() => this.save()));
    part("build").addEventListener("click", () => this.attempt(() => this.build()));
    part("overwrite").addEventListener("click", () => this.attempt(() => this.save({ overwrite: true })));
    part("reload").addEventListener("click", () => this.attempt(() => this.open()));
    part("functions").addEventListener("click", (event) => {
      const { insert } = event.target.dataset;
      if (insert) insertText(this.lastArea ?? this.editor.area, insert);
    });
    document.querySelector("[data-copy-from]").addEventListener("click", (event) => actgen.copyText(this.editor.text, event.target));
    document.querySelector("#more [role=tablist]").addEventListener("tab", () => this.attempt(() => this.fill()));
    addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.attempt(() => this.save());
    });
    addEventListener("beforeunload", (event) => this.isDirty && event.preventDefault());
    actgen.prepareSources(part("more"));
    actgen.prepareSources(part("ways").parentElement);
    part("ways").parentElement.addEventListener("focusin", (event) => {
      if (event.target.matches("textarea")) this.lastArea = event.target;
    });
  }

  get isDirty() {
    return this.editor.text !== this.file.text || this.file.revision === null;
  }

  /** Does something; a refusal is shown, but one that only says that something newer was asked is not. */
  async attempt(action) {
    try {
      await action();
    } catch (error) {
      if (error instanceof Refusal && error.said.error === "superseded") return;
      if (error instanceof Refusal && error.said.error === "conflict") part("conflict").hidden = false;
      this.say(error.message);
      if (!(error instanceof Refusal)) console.error(error);
    }
  }

  say(text, state = "bad") {
    part("verdict").dataset.state = state;
    part("verdict").textContent = text;
  }

  async open() {
    this.file = await ask("spec");
    part("path").textContent = this.file.path;
    part("conflict").hidden = true;
    this.editor.text = this.file.text;
    part("save").disabled = part("build").disabled = false;
    await this.follow();
  }

  edited() {
    this.showState();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.attempt(() => this.follow()), PAUSE_MS);
  }

  showState() {
    const state = this.file.revision === null ? "new" : this.isDirty ? "unsaved" : "saved";
    part("saved").dataset.state = state === "saved" ? "saved" : "unsaved";
    part("saved").textContent = { new: "not saved yet", unsaved: "unsaved", saved: "saved" }[state];
  }

  /** Everything that follows from the text, the quickest first; what a newer text overtakes is dropped. */
  async follow() {
    const turn = ++this.turn;
    const { text } = this.editor;
    this.showState();
    const [read] = await Promise.all([ask("check", { text }), this.form.update()]);
    if (turn !== this.turn) return;
    if (this.report(read.diagnostics)) return this.keepLast();
    const [mathematics, compiled] = await Promise.all([
      ask("mathematics", { text, tab: TAB }),
      ask("compile", { text, tab: TAB }),
    ]);
    if (turn !== this.turn) return;
    const found = mathematics.activation ? [...mathematics.diagnostics, ...compiled.diagnostics] : mathematics.diagnostics;
    this.report(distinct(found));
    if (!mathematics.activation || !compiled.script) return this.keepLast();
    await this.draw(text, mathematics.activation, compiled);
  }

  report(findings) {
    this.editor.mark(findings);
    this.form.mark(findings);
    return showFindings(part("findings"), part("verdict"), findings, (finding) => this.show(finding));
  }

  /** Goes to the place of a finding in the text. */
  show(finding) {
    part("tab-text").click();
    this.editor.show(finding);
  }

  /** The spec has errors: the last curves stay, and the page says so. */
  keepLast() {
    part("stale").hidden = part("shown").hidden;
    part("shown").classList.add("busy");
  }

  async draw(text, activation, compiled) {
    await loadScript(compiled.script);
    part("stale").hidden = true;
    part("waiting").hidden = true;
    part("shown").hidden = false;
    part("shown").classList.remove("busy");
    part("title").textContent = activation.title;
    part("summary").textContent = activation.summary ?? "";
    document.title = `${activation.title} · actgen design`;
    const kept = this.explorer ? new Map(Object.entries(actgen.addressOf(this.explorer))) : actgen.readAddress();
    this.explorer ??= globalThis.explorer = this.#explore();
    this.explorer.load(compiled.data, actgen.activations[compiled.data.name], kept);
    const alone = compiled.data.inputs.length === 1;
    document.querySelector("[data-part=parameters] h2").textContent = alone ? "Parameters" : "Parameters and inputs";
    this.shown = { text, activation, program: compiled.program };
    for (const panel of document.querySelectorAll("[data-panel]")) delete panel.dataset.filled;
    await this.fill();
  }

  #explore() {
    const keep = document.createElement("button");
    keep.type = "button";
    keep.className = "quiet";
    keep.textContent = "Make these the initial values";
    keep.addEventListener("click", () => this.attempt(() => this.form.take(this.explorer.values)));
    document.querySelector("[data-part=parameters]").append(keep);
    return new actgen.Explorer(document.querySelector("[data-explorer]"));
  }

  /** Fills the panel that is open, if it is not about the present spec yet. */
  async fill() {
    const panel = document.querySelector("[data-panel]:not([hidden])");
    if (!this.shown || panel.dataset.filled !== undefined) return;
    const { shown } = this;
    const name = panel.dataset.panel;
    panel.classList.add("busy");
    if (name === "formulas") showFormulas(panel, shown.activation);
    else if (name === "program") showText(panel, { Program: shown.program });
    else if (name === "analysis") await this.analyse(panel, shown);
    else await this.source(panel, name, shown);
    if (shown === this.shown) panel.dataset.filled = "";
    panel.classList.remove("busy");
  }

  async analyse(panel, shown) {
    const answer = await ask("analyse", { text: shown.text, tab: TAB });
    if (shown !== this.shown) return;
    if (answer.report) showText(panel, { Analysis: answer.report });
    else showRemark(panel, "Nothing is proved of a spec with findings like these.");
  }

  async source(panel, target, shown) {
    const { sources } = await ask("sources", { text: shown.text, tab: TAB, targets: [target] });
    if (shown !== this.shown) return;
    const { files = {}, missing = [] } = sources[target] ?? {};
    if (Object.keys(files).length) showText(panel, files, LANGUAGES[target] ?? "python");
    else showRemark(panel, `There is no file: it lacks ${missing.join(", ") || "what this formula needs"}.`);
  }

  async save({ overwrite = false } = {}) {
    const { text } = this.editor;
    this.file = await ask("save", { text, revision: this.file.revision, overwrite });
    this.file.text = text;
    part("conflict").hidden = true;
    this.showState();
  }

  async build() {
    if (this.isDirty) await this.save();
    part("build").disabled = true;
    try {
      await this.building.run(this.file.revision);
    } finally {
      part("build").disabled = false;
    }
  }
}

const distinct = (findings) => [...new Map(findings.map((f) => [f.rendered, f])).values()];

const loadScript = (address) =>
  new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(script.remove());
    script.onerror = () => reject(new Error("the compiled activation cannot be loaded"));
    document.head.append(script);
  });

const designer = new Designer();
designer.attempt(() => designer.open());
