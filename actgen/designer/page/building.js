// Builds of the saved spec: stages as they come, then what became of it.

import { ask, lines } from "./session.js";

const STAGES = { compiling: "Derives", printing: "Prints", verifying: "Verifies", certifying: "Measures the kernel", installing: "Puts in place" };

const element = (name, text, properties = {}) => Object.assign(document.createElement(name), { textContent: text }, properties);

/** Follows a build in a card. */
export class Building {
  constructor(card) {
    this.card = card;
    this.stages = card.querySelector("#stages");
    this.outcome = card.querySelector("#outcome");
    this.cancel = card.querySelector("#cancel");
    this.cancel.addEventListener("click", () => ask("build/cancel", {}));
  }

  /** Builds the file of this revision, and shows its events to the end. */
  async run(revision) {
    await ask("build", { revision });
    this.card.hidden = false;
    this.cancel.disabled = false;
    this.outcome.replaceChildren();
    this.items = new Map(Object.entries(STAGES).map(([stage, text]) => [stage, element("li", text)]));
    this.stages.replaceChildren(...this.items.values());
    this.card.scrollIntoView({ block: "nearest" });
    for await (const event of lines("build/events")) this.#take(event);
    this.cancel.disabled = true;
  }

  #take(event) {
    if (event.event === "stage") this.#reach(event.stage);
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

  #end(outcome) {
    const good = outcome === "built" || outcome === "up to date";
    for (const item of this.items.values()) {
      if (good) item.dataset.state = "done";
      else if (item.dataset.state === "now") item.dataset.state = "broken";
    }
    const { result } = this;
    const parts = [verdict(outcome, good, result?.folder)];
    if (good && result.verified) parts.push(statuses(result.verified));
    for (const finding of result?.diagnostics ?? []) {
      if (!good || finding.severity !== "note") parts.push(element("pre", finding.rendered.trimEnd()));
    }
    this.result = undefined;
    this.outcome.replaceChildren(...parts);
  }
}

const WORDS = { built: "Built and in place.", "up to date": "Up to date.", failed: "The build refuses it.", cancelled: "Cancelled.", broken: "The build broke off; the terminal says how." };

const verdict = (outcome, good, folder) => {
  const line = element("p", "");
  const word = element("strong", WORDS[outcome] ?? outcome, { className: "verdict" });
  word.dataset.status = good ? "passed" : "failed";
  line.append(word);
  if (good && folder) line.append(" ", element("code", folder));
  return line;
};

const statuses = (verified) => {
  const list = element("dl", "", { className: "facts" });
  for (const [framework, status] of Object.entries(verified)) list.append(element("dt", framework), element("dd", status));
  return list;
};
