/* What a reader can switch on and off above the picture. It is the legend too. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});

  actgen.Toolbar = class {
    constructor(explorer) {
      this.explorer = explorer;
      this.element = explorer.part("toolbar");
    }

    build() {
      const { explorer } = this;
      const { data } = explorer;
      const choices = [];
      if (data.outputs.length > 1) choices.push(this.#select("output", "Output", data.outputs));
      if (data.inputs.length > 1) choices.push(this.#select("input", "Along", data.inputs));
      choices.push(this.#toggle("value", actgen.letters(explorer).value, "--curve-value"));
      choices.push(this.#toggle("slope", actgen.letters(explorer).slope, "--curve-slope"));
      const others = explorer.others();
      if (others.length) {
        const letter = actgen.letters(explorer).letter;
        const partials = others.map((name) => ({ name, symbol: `∂${letter}/∂${explorer.symbol(name)}` }));
        const none = { name: "none", symbol: "no partial" };
        const select = this.#select("partial", "Partial derivative", [none, ...partials]);
        select.prepend(swatch("--curve-partial"));
        choices.push(select);
      }
      if (explorer.curve.breakpoints.length) choices.push(this.#toggle("marks", "Breakpoints"));
      choices.push(this.#toggle("shading", "Dead and saturated zones"));
      this.element.replaceChildren(...choices);
    }

    #toggle(option, text, colour) {
      const label = document.createElement("label");
      label.className = "toggle";
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = this.explorer.options[option];
      box.addEventListener("change", () => this.explorer.choose(option, box.checked));
      label.append(box, ...(colour ? [swatch(colour)] : []), text);
      return label;
    }

    #select(option, text, entries) {
      const label = document.createElement("label");
      label.className = "choice";
      const select = document.createElement("select");
      select.setAttribute("aria-label", text);
      for (const { name, symbol } of entries) select.add(new Option(symbol, name));
      select.value = this.explorer.options[option];
      select.addEventListener("change", () => this.explorer.choose(option, select.value));
      label.append(...(option === "partial" ? [] : [`${text} `]), select);
      return label;
    }
  };

  const swatch = (colour) => {
    const element = document.createElement("span");
    element.className = "swatch";
    element.dataset.curve = colour.replace("--curve-", "");
    element.setAttribute("aria-hidden", "true");
    return element;
  };

  /** What the curves are called, as plain text. */
  actgen.letters = ({ data, options }) => {
    const letter = data.outputs.find((o) => o.name === options.output).symbol;
    const input = data.inputs.find((i) => i.name === options.input).symbol;
    const several = data.inputs.length > 1 || letter.length > 1;
    return { letter, value: letter, slope: several ? `∂${letter}/∂${input}` : `${letter}′` };
  };
})();
