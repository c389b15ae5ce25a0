/* A slider and a number box for each quantity that a reader may change. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});
  const STEPS = 400;

  /**
   * One quantity: `{name, label, latex, description, value, low, high, positive}`.
   *
   * The box takes any number (above zero if `positive`); the slider's ends make room for it. `onChange(value)` is
   * called as it changes.
   */
  actgen.Control = class {
    constructor(quantity, onChange) {
      this.quantity = quantity;
      this.onChange = onChange;
      this.element = document.createElement("div");
      this.element.className = "control";
      const id = `control-${quantity.name}`;
      const label = document.createElement("label");
      label.htmlFor = id;
      label.append(quantity.latex ? actgen.inlineMath(quantity.latex) : quantity.label);
      this.slider = input("range", `${quantity.label}, slider`, { id: `${id}-slider` });
      this.box = input("text", quantity.label, { id, inputMode: "decimal", autocomplete: "off", spellcheck: false });
      this.back = document.createElement("button");
      this.back.type = "button";
      this.back.className = "quiet";
      this.back.textContent = "↺";
      this.back.setAttribute("aria-label", `${quantity.label} back to ${actgen.formatNumber(quantity.value)}`);
      this.back.title = this.back.getAttribute("aria-label");
      this.element.append(label, this.box, this.back, this.slider);
      if (quantity.description) this.element.append(hint(quantity.description));
      this.slider.addEventListener("input", () => this.#take(Number(this.slider.value)));
      this.box.addEventListener("input", () => this.#typed());
      this.box.addEventListener("blur", () => this.set(this.value));
      this.back.addEventListener("click", () => this.#take(quantity.value));
      this.set(quantity.value);
    }

    /** Shows a value without telling anybody. */
    set(value) {
      this.value = value;
      const { low, high } = this.quantity;
      this.slider.min = String(Math.min(low, value));
      this.slider.max = String(Math.max(high, value));
      this.slider.step = String((high - low) / STEPS);
      // A slider cannot hold what lies between its steps: the box is what counts.
      this.slider.value = String(value);
      this.slider.setAttribute("aria-valuetext", actgen.formatNumber(value));
      if (document.activeElement !== this.box) this.box.value = actgen.plainNumber(value, 8);
      this.box.removeAttribute("aria-invalid");
      this.back.disabled = value === this.quantity.value;
    }

    #take(value) {
      const rounded = value === this.quantity.value ? value : Number(value.toPrecision(6));
      this.set(rounded);
      this.onChange(rounded);
    }

    #typed() {
      const value = actgen.parseNumber(this.box.value);
      const allowed = Number.isFinite(value) && (!this.quantity.positive || value > 0);
      if (!allowed) return this.box.setAttribute("aria-invalid", "true");
      this.set(value);
      this.onChange(value);
    }
  };

  const input = (type, label, properties) => {
    const element = document.createElement("input");
    element.type = type;
    element.setAttribute("aria-label", label);
    return Object.assign(element, properties);
  };

  const hint = (text) => {
    const element = document.createElement("p");
    element.className = "hint";
    element.textContent = text;
    return element;
  };
})();
