// Parameters by requirement: what `actgen solve` finds, beside the sliders, and a button that writes it into the spec.

import { button, make } from "./elements.js";
import { ask } from "./session.js";

const EXAMPLES = ["C1 at 0", "f'(0) = 1", "mean = 0", "variance = 1"];

/** A box below the sliders. `getText()` is the spec; `use(values)` makes texts, by parameter, the initial values. */
export class Solving {
  constructor({ getText, use, attempt, tab }) {
    Object.assign(this, { getText, use, attempt, tab });
    this.input = make("input", { id: "requirement", placeholder: "mean = 0, variance = 1", autocomplete: "off", spellcheck: false });
    this.found = make("div", { className: "found", attributes: { role: "status" } });
    const examples = EXAMPLES.map((text) => button(text, () => this.#propose(text), { className: "chip" }));
    const form = make("form", { className: "solve" }, this.input, button("Find", () => {}, { type: "submit", className: "quiet" }));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.attempt(() => this.#find());
    });
    this.element = make(
      "div",
      { className: "solving" },
      make("label", { htmlFor: "requirement" }, "Find values for which"),
      form,
      make("div", { className: "chips", attributes: { role: "group", "aria-label": "Requirements to begin with" } }, ...examples),
      this.found,
    );
  }

  #propose(text) {
    const now = this.input.value.trim();
    this.input.value = now && !now.split(/\s*,\s*/).includes(text) ? `${now}, ${text}` : text;
    this.input.focus();
  }

  async #find() {
    const requirement = this.input.value.trim();
    return requirement ? this.#solve(requirement) : this.input.focus();
  }

  /** Solves for the parameters `over`; without them, for all that the requirement depends on. */
  async #solve(requirement, over) {
    this.found.replaceChildren(make("p", { className: "hint" }, "Looking…"));
    const asked = { text: this.getText(), tab: this.tab, requirement, ...(over && { over }) };
    const answer = await ask("solve", asked).catch((error) => {
      this.found.replaceChildren();
      throw error;
    });
    const faults = answer.diagnostics.filter((f) => f.severity === "error").map((f) => make("pre", {}, f.rendered.trimEnd()));
    const { outcome } = answer;
    const members = outcome?.outcome === "one" ? [outcome] : (outcome?.members ?? []);
    const notes = outcome && members.length ? [make("p", { className: "hint" }, said(outcome, members))] : [];
    this.found.replaceChildren(...faults, ...members.map((member) => this.#member(member)), ...notes, this.#keeping(requirement, members) ?? "");
  }

  /** A button that solves again for fewer parameters: those that were left free stay as the spec has them. */
  #keeping(requirement, members) {
    const free = [...new Set(members.flatMap((member) => member.free ?? []))];
    const over = [...new Set(members.flatMap(({ values, relations = [] }) => [...values, ...relations].map(({ name }) => name)))];
    if (!free.length || !over.length) return null;
    const again = () => this.attempt(() => this.#solve(requirement, over));
    return button(`Keep ${free.join(", ")} as in the spec`, again, { className: "quiet" });
  }

  #member({ values, relations = [], free = [] }) {
    const list = make("dl", { className: "facts" });
    for (const { name, decimal, exact } of values) {
      list.append(make("dt", {}, name), make("dd", { title: decimal }, exact && exact !== decimal ? `${exact} = ${short(decimal)}` : short(decimal)));
    }
    for (const { name, value } of relations) list.append(make("dt", {}, name), make("dd", {}, `= ${value}`));
    for (const name of free) list.append(make("dt", {}, name), make("dd", {}, "free"));
    const texts = Object.fromEntries(values.map(({ name, exact, decimal }) => [name, exact ?? decimal]));
    const numbers = Object.fromEntries(values.map(({ name, decimal }) => [name, Number(decimal)]));
    const use = values.length ? button("Use these values", () => this.use(texts, numbers), { className: "quiet" }) : null;
    return make("div", { className: "member" }, list, use);
  }
}

const short = (decimal) => (decimal.length > 12 ? `${Number(decimal).toPrecision(8)}…` : decimal);

const said = ({ how, only }, members) => {
  const proof = how ? `Proved by ${how}. ` : "";
  if (members.some((member) => member.free?.length)) return `${proof}What is free may have any value: ask for more, or keep it.`;
  return `${proof}${only ? `There is no other ${only}.` : "Whether there are others is not proved."}`;
};
