// Everything that follows from the spec, the quickest first: findings, curves, formulas, the program, sources.

import { carried } from "./carrying.js";
import { button, part } from "./elements.js";
import { showFindings } from "./findings.js";
import { mending } from "./mending.js";
import { showFormulas, showRemark, showText } from "./panels.js";
import { ask } from "./session.js";
import { Solving } from "./solving.js";

const { actgen } = globalThis;
const TAB = crypto.randomUUID();
const LATE_MS = 800;
const COMPUTING = "This formula takes a while. What you see is still the one before.";
const LAST = "What you see is the last formula that worked.";
const LANGUAGES = { kernel: "cpp", javascript: "javascript" };

/** Shows what a text means. `use(texts)` makes texts, by parameter, the initial values. */
export class Following {
  constructor({ editor, form, attempt, use }) {
    Object.assign(this, { editor, form, attempt, use });
    this.turn = 0;
    document.querySelector("#more [role=tablist]").addEventListener("tab", () => this.attempt(() => this.fill()));
  }

  /** All of it, in order; what a newer text overtakes is dropped. */
  async follow({ forced = false } = {}) {
    const turn = ++this.turn;
    const { text } = this.editor;
    const isPast = () => turn !== this.turn;
    const asked = { text, tab: TAB };
    const late = setTimeout(() => isPast() || this.keepLast(COMPUTING), LATE_MS);
    const drawn = this.attempt(async () => this.draw(await ask("draw", asked), { isPast, isExact: false }));
    drawn.then(() => clearTimeout(late));
    const [read] = await Promise.all([ask("check", { text }), this.form.update({ forced })]);
    if (isPast()) return;
    if (this.report(read.diagnostics)) {
      clearTimeout(late);
      return this.keepLast(LAST);
    }
    const compiling = this.attempt(() => ask("compile", asked));
    const [mathematics, isDrawn] = await Promise.all([ask("mathematics", asked), drawn]);
    if (isPast()) return;
    this.report(distinct([...read.diagnostics, ...mathematics.diagnostics]));
    this.shown = { text, activation: mathematics.activation, faults: mathematics.diagnostics, compiled: null };
    if (mathematics.activation) this.name(mathematics.activation);
    await this.empty();
    const compiled = await compiling;
    if (isPast() || !compiled) return;
    this.shown.compiled = compiled;
    const isShown = (await this.draw(compiled, { isPast, isExact: true })) || isDrawn;
    if (!isShown && !isPast()) this.keepLast(LAST);
    await this.fill();
  }

  report(findings) {
    this.editor.mark(findings);
    const mend = (finding) => mending(finding, { text: this.editor.textOf(finding), names: this.form.names, edit: (edits) => this.form.edit(edits) });
    this.form.mark(findings, mend);
    const actions = {
      show: (finding) => {
        part("tab-text").click();
        this.editor.show(finding);
      },
      mend,
    };
    const failed = showFindings(part("findings"), part("verdict"), findings, actions);
    part("health").hidden = !failed;
    part("health").textContent = failed ? part("verdict").textContent : "";
    return failed;
  }

  /** The curves of another text stay, and the page says why. */
  keepLast(why) {
    part("stale").textContent = why;
    part("stale").hidden = part("shown").hidden;
    part("shown").classList.add("busy");
  }

  name({ title, summary }) {
    part("title").textContent = title;
    part("summary").textContent = summary ?? "";
    document.title = `${title} · actgen design`;
  }

  /** Draws, and says whether it has; the exact program takes the place of the sketch without a flicker. */
  async draw({ script, data, head }, { isPast, isExact }) {
    if (!script || isPast()) return false;
    if (head) this.name(head);
    const functions = await load(script, data.name);
    if (isPast()) return false;
    part("stale").hidden = part("waiting").hidden = true;
    part("shown").hidden = false;
    part("shown").classList.remove("busy");
    if (isExact && JSON.stringify(data) === JSON.stringify(this.explorer?.data)) {
      this.explorer.compute(functions);
      return true;
    }
    const kept = this.explorer ? carried(Object.entries(actgen.addressOf(this.explorer)), this.explorer.data, data) : actgen.readAddress();
    this.explorer ??= globalThis.explorer = this.#explore();
    this.explorer.load(data, functions, kept);
    const alone = data.inputs.length === 1;
    document.querySelector("[data-part=parameters] h2").textContent = alone ? "Parameters" : "Parameters and inputs";
    this.solving.element.hidden = !alone || !data.parameters.length;
    this.keep.hidden = !data.parameters.length;
    return true;
  }

  #explore() {
    this.keep = button("Make these the initial values", () => this.use(this.explorer.values));
    this.solving = new Solving({
      getText: () => this.editor.text,
      attempt: this.attempt,
      tab: TAB,
      use: (texts, numbers) => {
        for (const control of this.explorer.controls) control.set(numbers[control.quantity.name] ?? control.value);
        Object.assign(this.explorer.values, numbers);
        this.use(texts);
      },
    });
    document.querySelector("[data-part=parameters]").append(this.keep, this.solving.element);
    return new actgen.Explorer(document.querySelector("[data-explorer]"));
  }

  /** What the panels say is of an older text. */
  async empty() {
    for (const panel of document.querySelectorAll("[data-panel]")) delete panel.dataset.filled;
    await this.fill();
  }

  /** Fills the panel that is open, if it is not about the present spec yet. */
  async fill() {
    const panel = document.querySelector("[data-panel]:not([hidden])");
    if (!this.shown || panel.dataset.filled !== undefined) return;
    const { shown } = this;
    panel.classList.add("busy");
    const done = await this.#fill(panel, panel.dataset.panel, shown);
    if (shown !== this.shown || !done) return;
    panel.dataset.filled = "";
    panel.classList.remove("busy");
  }

  /** Says whether the panel is filled. */
  async #fill(panel, name, shown) {
    if (name === "formulas") {
      if (shown.activation) showFormulas(panel, shown.activation);
      else showRemark(panel, reason({ diagnostics: shown.faults }));
      return true;
    }
    if (name === "program") {
      if (!shown.compiled) return false;
      if (shown.compiled.program) showText(panel, { Program: shown.compiled.program });
      else showRemark(panel, reason(shown.compiled));
      return true;
    }
    const answer = name === "analysis" ? await this.#ask("analyse") : await this.#ask("sources", { targets: [name] });
    if (shown !== this.shown) return false;
    const texts = name === "analysis" ? answer.report && { Analysis: answer.report } : answer.sources[name]?.files;
    if (texts && Object.keys(texts).length) showText(panel, texts, name === "analysis" ? undefined : (LANGUAGES[name] ?? "python"));
    else showRemark(panel, reason(answer, name));
    return true;
  }

  #ask = (kind, more = {}) => ask(kind, { text: this.shown.text, tab: TAB, ...more });
}

/** Why there is nothing to show. */
const reason = ({ diagnostics, sources }, name) => {
  const missing = sources?.[name]?.missing ?? [];
  const said = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
  return said.join("; ") || `There is no file: it lacks ${missing.join(", ") || "what this formula needs"}.`;
};

const distinct = (findings) => [...new Map(findings.map((f) => [f.rendered, f])).values()];

/** Runs a script; what it registers under the name. */
const load = (address, name) =>
  new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => {
      script.remove();
      resolve(actgen.activations[name]);
    };
    script.onerror = () => reject(new Error("the compiled activation cannot be loaded"));
    document.head.append(script);
  });
