// Builds of the saved spec: stages as they come, what every framework has come to, then where it all is.

import { make, part } from "./elements.js";
import { findingText, gravestFirst } from "./findings.js";
import { ask, lines } from "./session.js";

const { actgen } = globalThis;
const STAGES = { compiling: "Derive", printing: "Print", verifying: "Verify", certifying: "Measure the kernel", installing: "Put in place" };
const TITLES = { torch: "PyTorch", keras: "Keras", jax: "JAX", javascript: "JavaScript", kernel: "Kernel" };
const STATES = { begun: "running…", done: "✓", failed: "✕", absent: "not installed" };
const WORDS = { built: "Built and in place.", "up to date": "Up to date.", failed: "The build refuses it.", cancelled: "Cancelled.", broken: "The build broke off; the terminal says how." };

/** Follows a build in a card. */
export class Building {
  constructor(card) {
    this.card = card;
    this.stages = part("stages");
    this.parts = part("parts");
    this.outcome = part("outcome");
    this.cancel = part("cancel");
    this.cancel.addEventListener("click", () => ask("build/cancel", {}));
  }

  /** Builds the file of this revision, and shows its events to the end. */
  async run(revision) {
    await ask("build", { revision });
    this.card.hidden = false;
    this.cancel.hidden = false;
    this.outcome.replaceChildren();
    this.rows = new Map();
    this.parts.hidden = true;
    this.parts.tBodies[0].replaceChildren();
    this.items = new Map(Object.entries(STAGES).map(([stage, text]) => [stage, make("li", {}, text)]));
    this.stages.replaceChildren(...this.items.values());
    this.card.scrollIntoView({ block: "nearest" });
    for await (const event of lines("build/events")) this.#take(event);
    this.cancel.hidden = true;
  }

  #take(event) {
    if (event.event === "stage") this.#reach(event.stage);
    if (event.event === "part") this.#tell(event);
    if (event.event === "result") this.result = event;
    if (event.event === "ended") this.#end(event.outcome);
  }

  #reach(stage) {
    for (const [name, item] of this.items) {
      if (name === stage) {
        item.dataset.state = "now";
        return;
      }
      item.dataset.state = "done";
    }
  }

  /** A framework's row: its source, whether it is verified, and its figures. */
  #tell({ stage, name, state, words }) {
    const row = this.rows.get(name) ?? this.#row(name);
    const cell = row.cells[stage === "printing" ? 1 : 2];
    cell.textContent = STATES[state];
    cell.dataset.state = state;
    if (stage === "verifying" || state === "failed") row.cells[3].textContent = state === "begun" ? "" : words;
  }

  #row(name) {
    const row = this.parts.tBodies[0].insertRow();
    row.append(make("th", { scope: "row" }, TITLES[name] ?? name), make("td"), make("td"), make("td"));
    this.rows.set(name, row);
    this.parts.hidden = false;
    return row;
  }

  #end(outcome) {
    const good = outcome === "built" || outcome === "up to date";
    for (const item of this.items.values()) {
      if (good) item.dataset.state = "done";
      else if (item.dataset.state === "now") item.dataset.state = "broken";
    }
    for (const cell of this.parts.querySelectorAll("[data-state=begun]")) Object.assign(cell, { textContent: "—" });
    const { result } = this;
    const parts = [verdict(outcome, good, result)];
    if (good && result.verified && !this.rows.size) parts.push(statuses(result.verified));
    if (good && result.usage.length) parts.push(imports(result));
    parts.push(...gravestFirst(result?.diagnostics ?? []).filter(({ severity }) => severity !== "note").map(findingText));
    this.result = undefined;
    this.outcome.replaceChildren(...parts);
    this.card.scrollIntoView({ block: "nearest" });
  }
}

const verdict = (outcome, good, result) => {
  const word = make("strong", { className: "verdict", data: { status: good ? "passed" : "failed" } }, WORDS[outcome] ?? outcome);
  const where = good && result.folder ? [" The files are in ", make("code", {}, result.folder), "."] : [];
  const link = good && result.page ? [" ", make("a", { href: result.page, target: "_blank", rel: "noopener" }, "Open its page")] : [];
  return make("p", {}, word, ...where, ...link);
};

const statuses = (verified) => {
  const list = make("dl", { className: "facts" });
  for (const [framework, status] of Object.entries(verified)) list.append(make("dt", {}, TITLES[framework] ?? framework), make("dd", {}, status));
  return list;
};

/** How each file is imported, with that folder on Python's path. */
const imports = ({ usage, folder }) => {
  const rows = usage.map(({ framework, imported, called }) => {
    const copy = make("button", { type: "button", className: "copy", attributes: { "aria-label": `Copy the import for ${framework}` } }, "Copy");
    copy.addEventListener("click", () => actgen.copyText(`${imported}\n${called}\n`, copy));
    return make("div", { className: "import" }, make("span", {}, framework), make("code", {}, imported), copy);
  });
  const hint = make("p", { className: "hint" }, "With ", make("code", {}, folder), " on Python's path (or the file copied beside your own):");
  return make("div", { className: "imports" }, make("h3", {}, "Use it"), hint, ...rows);
};
