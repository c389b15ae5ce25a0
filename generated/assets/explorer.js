/* The interactive picture of one activation: curves, marks, shading, values under the pointer, parameters. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});

  /**
   * Brings a section to life.
   *
   * `root` holds the places named by `data-part`; `load` gives it an activation: `data` is what the page says about it,
   * `functions` what its own script registers.
   */
  actgen.Explorer = class {
    constructor(root) {
      this.part = (name) => root.querySelector(`[data-part=${name}]`);
      this.chart = new actgen.Chart(this.part("chart"), {
        labels: { x: "", y: "" },
        height: () => Math.round(Math.min(Math.max(this.part("chart").clientWidth * 0.56, 260), 520)),
        onPointer: (x) => this.readout.follow(x),
        below: (context, chart) => this.options.shading && actgen.drawRegions(context, chart, this.regions),
        above: (context, chart) => this.#drawMarks(context, chart),
      });
      this.toolbar = new actgen.Toolbar(this);
      this.readout = new actgen.Readout(this);
      this.flow = new actgen.Flow(this);
      const moves = actgen.navigate(this.chart, this.part("chart"), {
        get: () => this.view,
        set: (view) => this.look(view),
        reset: () => this.look(null),
      });
      this.part("zoom-in").addEventListener("click", moves.zoomIn);
      this.part("zoom-out").addEventListener("click", moves.zoomOut);
      this.part("reset").addEventListener("click", () => this.look(null));
    }

    /** Shows an activation; `kept` carries over what a reader had set, where it still fits. */
    load(data, functions, kept = new Map()) {
      this.data = data;
      this.functions = functions;
      const known = (name, names, usual) => (names.includes(name) ? name : usual);
      const inputs = data.inputs.map((i) => i.name);
      const outputs = data.outputs.map((o) => o.name);
      const input = known(kept.get("show.input"), inputs, data.shown);
      const off = (kept.get("show.off") ?? "").split(",");
      this.options = {
        output: known(kept.get("show.output"), outputs, outputs[0]),
        input,
        partial: known(kept.get("show.partial"), ["none", ...this.others(input)], this.others(input)[0] ?? "none"),
        value: !off.includes("value"),
        slope: !off.includes("slope"),
        marks: !off.includes("marks"),
        shading: !off.includes("shading"),
      };
      this.values = Object.fromEntries(
        [...data.parameters, ...data.inputs].map((q) => [q.name, actgen.keptNumber(kept, q.name, q.nominal)]),
      );
      this.fixed = { x: actgen.readInterval(kept.get("view.x")), y: actgen.readInterval(kept.get("view.y")) };
      this.toolbar.build();
      this.readout.build(kept);
      this.flow.build(kept);
      this.controls = actgen.buildControls(this);
      this.refresh();
    }

    /** Computes with other functions of the same activation from now on. */
    compute(functions) {
      this.functions = functions;
      this.refresh();
    }

    /** The variables whose partials can be shown beside the derivative along an input. */
    others(input = this.options.input) {
      return [...this.data.parameters, ...this.data.inputs].map((q) => q.name).filter((name) => name !== input);
    }

    /** Changes what is shown. */
    choose(option, value) {
      this.options[option] = value;
      if (option === "input" || option === "output") {
        this.fixed = { x: null, y: null };
        if (this.options.partial === this.options.input) this.options.partial = this.others()[0] ?? "none";
        this.toolbar.build();
        this.controls = actgen.buildControls(this);
      }
      this.refresh();
    }

    /** Gives a parameter, or an input that stays where it is, a value. */
    assign(name, value) {
      this.values[name] = value;
      this.refresh();
    }

    /** Shows a part of the plane; null shows all. */
    look(view) {
      this.fixed = view ?? { x: null, y: null };
      this.refresh();
    }

    /** Draws again, once before the browser's next picture. */
    refresh() {
      this.waiting ??= requestAnimationFrame(() => {
        this.waiting = null;
        this.#draw();
      });
    }

    get curve() {
      const { input, output } = this.options;
      return actgen.along(this.functions, { parameters: this.values, input, others: this.values, output });
    }

    get atNominal() {
      return this.data.parameters.every((p) => this.values[p.name] === p.nominal);
    }

    #draw() {
      const { curve, options } = this;
      const xRange = this.fixed.x ?? this.data.inputs.find((i) => i.name === options.input).range;
      this.breakpoints = actgen.judged(curve, this.atNominal);
      const places = this.breakpoints.map((b) => b.at);
      const count = Math.round(Math.min(Math.max(this.part("chart").clientWidth, 300), 2000));
      const xs = actgen.grid(...xRange, count, places);
      const slopes = actgen.ordinates((x) => curve.partial(options.input, x), xs, places);
      const lines = this.lines().map((line) => ({
        ...line,
        ys: line.role === "slope" ? slopes : actgen.ordinates((x) => line.at(curve, x), xs, places),
      }));
      this.regions = actgen.regions(xs, slopes);
      this.view = { x: xRange, y: this.fixed.y ?? actgen.verticalRange(lines.map((l) => l.ys)) };
      this.chart.options.labels = { x: this.symbol(options.input), y: "" };
      this.chart.show(xs, lines, this.view);
      this.readout.update();
      this.flow.update();
      this.part("note").textContent = actgen.described(this);
      actgen.writeAddress(actgen.addressOf(this));
    }

    /** What is drawn: role, colour, and how it is computed. */
    lines() {
      const { input, partial, value, slope } = this.options;
      const found = [];
      if (partial !== "none") {
        found.push({ role: "partial", colour: "--curve-partial", dash: [2, 4], at: (c, x) => c.partial(partial, x) });
      }
      if (slope) found.push({ role: "slope", colour: "--curve-slope", dash: [8, 4], at: (c, x) => c.partial(input, x) });
      if (value) found.push({ role: "value", colour: "--curve-value", width: 2.5, at: (c, x) => c.value(x) });
      return found.map((line) => ({ ...line, label: line.role }));
    }

    /** A variable as plain text, `α`. */
    symbol(name) {
      return [...this.data.parameters, ...this.data.inputs].find((q) => q.name === name).symbol;
    }

    #drawMarks(context, chart) {
      if (this.options.marks) actgen.drawBreakpoints(context, chart, this.breakpoints, this.lines(), this.curve);
      this.readout.drawProbe(context, chart);
    }
  };

  /** A number kept from before or from the address, else the usual one. */
  actgen.keptNumber = (kept, name, usual) => {
    const value = actgen.parseNumber(kept.get(name) ?? "");
    return Number.isFinite(value) ? value : usual;
  };
})();
