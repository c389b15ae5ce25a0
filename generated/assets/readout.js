/* The values at one place: under the pointer, or where a reader says. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});

  actgen.Readout = class {
    constructor(explorer) {
      this.explorer = explorer;
      this.element = explorer.part("readout");
      this.pinned = 1;
      this.pointed = null;
      explorer.part("chart").addEventListener("click", () => {
        if (this.pointed === null || explorer.part("chart").classList.contains("was-dragged")) return;
        this.pin(Number(this.pointed.toPrecision(4)));
      });
    }

    build(kept) {
      this.pinned = actgen.keptNumber(kept, "at", 1);
      const label = document.createElement("label");
      label.htmlFor = "readout-at";
      this.name = document.createElement("span");
      label.append("At ", this.name, " =");
      this.box = document.createElement("input");
      Object.assign(this.box, { id: "readout-at", type: "text", inputMode: "decimal", autocomplete: "off" });
      this.box.addEventListener("input", () => {
        const value = actgen.parseNumber(this.box.value);
        this.box.toggleAttribute("aria-invalid", Number.isNaN(value));
        if (!Number.isNaN(value)) this.pin(value);
      });
      this.list = document.createElement("dl");
      const head = document.createElement("div");
      head.className = "readout-at";
      head.append(label, this.box);
      this.element.replaceChildren(head, this.list);
    }

    /** The place that stays when the pointer leaves; any number, infinities too. */
    pin(x) {
      this.pinned = x;
      this.pointed = null;
      this.explorer.refresh();
    }

    follow(x) {
      this.pointed = x;
      this.#write();
    }

    get at() {
      return this.pointed ?? this.pinned;
    }

    update() {
      this.#write();
    }

    #write() {
      const { explorer } = this;
      if (!explorer.data) return;
      const { curve, options } = explorer;
      const letters = actgen.letters(explorer);
      this.name.textContent = explorer.symbol(options.input);
      if (document.activeElement !== this.box) {
        this.box.value = Number.isFinite(this.at) ? actgen.plainNumber(this.at, 5) : actgen.formatNumber(this.at);
      }
      const rows = [
        ["value", letters.value, curve.value(this.at)],
        ["slope", letters.slope, curve.partial(options.input, this.at)],
        ...explorer.others().map((name) => [
          name === options.partial ? "partial" : "",
          `∂${letters.letter}/∂${explorer.symbol(name)}`,
          curve.partial(name, this.at),
        ]),
      ];
      this.list.replaceChildren(...rows.flatMap((row) => entry(...row)));
    }

    /** Marks the pinned place on the curves. */
    drawProbe(context, chart) {
      const { explorer } = this;
      if (this.pointed !== null || !Number.isFinite(this.pinned)) return;
      for (const line of explorer.lines()) {
        const value = line.at(explorer.curve, this.pinned);
        if (!Number.isFinite(value)) continue;
        actgen.drawDot(context, chart, this.pinned, value, actgen.colour(line.colour), false);
      }
    }
  };

  const entry = (curve, name, value) => {
    const term = document.createElement("dt");
    const description = document.createElement("dd");
    if (curve) term.dataset.curve = curve;
    term.textContent = name;
    description.textContent = actgen.formatNumber(value, 9);
    description.dataset.value = String(value);
    return [term, description];
  };
})();
