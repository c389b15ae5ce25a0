/* Signal propagation: the normal distribution that goes in, and the one that comes out. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});
  const POINTS = 480;

  actgen.Flow = class {
    constructor(explorer) {
      this.explorer = explorer;
      this.normal = { mean: 0, deviation: 1 };
      this.chart = new actgen.Chart(explorer.part("flow-chart"), {
        labels: { x: "", y: "density" },
        height: () => Math.round(Math.min(Math.max(explorer.part("flow-chart").clientWidth * 0.55, 210), 290)),
        above: (context, chart) => this.#drawAtoms(context, chart),
      });
    }

    build(kept) {
      this.normal = {
        mean: actgen.keptNumber(kept, "normal.mean", 0),
        deviation: Math.max(actgen.keptNumber(kept, "normal.deviation", 1), 1e-6),
      };
      const quantities = [
        { name: "mean", label: "Input mean", value: 0, low: -3, high: 3 },
        { name: "deviation", label: "Input deviation", value: 1, low: 0.05, high: 4, positive: true },
      ];
      const controls = quantities.map((quantity) => {
        const control = new actgen.Control({ ...quantity, name: `normal-${quantity.name}` }, (value) => {
          this.normal[quantity.name] = value;
          this.explorer.refresh();
        });
        control.set(this.normal[quantity.name]);
        return control.element;
      });
      this.explorer.part("flow-controls").replaceChildren(...controls);
    }

    update() {
      const { explorer } = this;
      const { mean, deviation } = this.normal;
      this.found = actgen.distribution(explorer.functions, {
        parameters: explorer.values,
        output: explorer.options.output,
        mean,
        deviation,
      });
      const { edges, densities, atoms } = this.found;
      const outer = [mean - 3.5 * deviation, mean + 3.5 * deviation, ...atoms.map((a) => a.value)];
      if (edges.length) outer.push(edges[0], edges[edges.length - 1]);
      const [low, high] = [Math.min(...outer), Math.max(...outer)];
      const margin = 0.04 * (high - low);
      const xs = actgen.grid(low - margin, high + margin, POINTS, []);
      const before = xs.map((x) => actgen.normalDensity(x, mean, deviation));
      const after = xs.map((x) => density(edges, densities, x));
      const peak = Math.max(...before);
      this.top = 1.12 * Math.max(peak, Math.min(Math.max(...after), 3 * peak));
      this.chart.show(
        xs,
        [
          { label: "out", colour: "--curve-value", fill: "--curve-value-soft", ys: after },
          { label: "in", colour: "--text-soft", dash: [6, 4], width: 1.5, ys: before },
        ],
        { x: [xs[0], xs[xs.length - 1]], y: [0, this.top] },
      );
      this.#facts();
    }

    #facts() {
      const { mean, deviation, atoms, defined } = this.found;
      const rounded = (value) => actgen.formatNumber(Math.abs(value) < 5e-4 * this.normal.deviation ? 0 : value, 3);
      const facts = [
        ["Output mean", `≈ ${rounded(mean)}`],
        ["Output deviation", `≈ ${rounded(deviation)}`],
        ...atoms.slice(0, 3).map(({ value, share }) => [`Exactly ${actgen.formatNumber(value, 4)}`, percent(share)]),
        ...(defined < 1 ? [["No value", percent(1 - defined)]] : []),
      ];
      this.explorer.part("flow-facts").replaceChildren(
        ...facts.flatMap(([name, text]) => {
          const [term, description] = [document.createElement("dt"), document.createElement("dd")];
          term.textContent = name;
          description.textContent = text;
          return [term, description];
        }),
      );
    }

    /** A value with a probability of its own: a stem, as high as its share of the picture. */
    #drawAtoms(context, chart) {
      const colour = actgen.colour("--curve-value");
      for (const { value, share } of this.found?.atoms ?? []) {
        const height = share * this.top * 0.9;
        context.strokeStyle = colour;
        context.lineWidth = 3 * chart.ratio;
        context.beginPath();
        context.moveTo(chart.x(value), chart.y(0));
        context.lineTo(chart.x(value), chart.y(height));
        context.stroke();
        actgen.drawDot(context, chart, value, height, colour, false);
        context.font = actgen.chartFont(chart.ratio, "600");
        context.fillStyle = actgen.colour("--text");
        context.textBaseline = "bottom";
        const text = percent(share);
        const right = chart.x(value) + 8 * chart.ratio + context.measureText(text).width > chart.box.left + chart.box.width;
        context.textAlign = right ? "right" : "left";
        context.fillText(text, chart.x(value) + (right ? -8 : 8) * chart.ratio, chart.y(height));
        context.textAlign = "left";
      }
    }
  };

  const percent = (share) => `${actgen.formatNumber(100 * share, share < 0.1 ? 2 : 3)} %`;

  const density = (edges, densities, x) => {
    if (!edges.length || x < edges[0] || x > edges[edges.length - 1]) return 0;
    const bin = Math.floor(((x - edges[0]) / (edges[edges.length - 1] - edges[0])) * densities.length);
    return densities[Math.min(bin, densities.length - 1)];
  };
})();
