/* Several activations in one picture. Their scripts are loaded when they are first asked for. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});
  const MOST = 8;
  const DASHES = [[], [8, 4], [2, 4], [10, 4, 2, 4]];
  const loading = new Map();

  const load = (folder) => {
    if (!loading.has(folder)) {
      loading.set(
        folder,
        new Promise((resolve, reject) => {
          const script = document.createElement("script");
          script.src = `${folder}/${folder}.js`;
          script.onload = () => resolve(actgen.activations[folder]);
          script.onerror = () => reject(new Error(`${script.src} is missing`));
          document.head.append(script);
        }),
      );
    }
    return loading.get(folder);
  };

  /** The picture of what is compared: `entries` by folder, `{title, shown, still}`; `onChange` when it changes. */
  actgen.Comparison = class {
    constructor(root, entries, onChange) {
      this.root = root;
      this.entries = entries;
      this.onChange = onChange;
      this.chosen = [];
      this.slope = false;
      this.fixed = null;
      this.part = (name) => root.querySelector(`[data-part=${name}]`);
      this.chart = new actgen.Chart(this.part("chart"), {
        labels: { x: "", y: "" },
        height: () => Math.round(Math.min(Math.max(this.part("chart").clientWidth * 0.4, 220), 340)),
      });
      actgen.navigate(this.chart, this.part("chart"), {
        get: () => this.view,
        set: (view) => this.#look(view),
        reset: () => this.#look(null),
      });
      this.part("slope").addEventListener("change", (event) => {
        this.slope = event.target.checked;
        this.fixed = null;
        this.#changed();
      });
      this.part("clear").addEventListener("click", () => this.choose([]));
    }

    get full() {
      return this.chosen.length >= MOST;
    }

    /** Compares these folders, in this order. */
    choose(folders, slope = this.slope) {
      this.chosen = folders.filter((folder) => this.entries.has(folder)).slice(0, MOST);
      this.slope = slope;
      this.part("slope").checked = slope;
      this.#changed();
    }

    #look(view) {
      this.fixed = view;
      requestAnimationFrame(() => this.draw());
    }

    #changed() {
      this.root.hidden = !this.chosen.length;
      this.#legend();
      this.onChange();
      this.draw();
    }

    async draw() {
      const wanted = [...this.chosen];
      const functions = await Promise.all(wanted.map(load));
      if (!wanted.length || wanted.join() !== this.chosen.join()) return;
      const x = this.fixed?.x ?? [-6, 6];
      const curves = wanted.map((folder, i) => this.#curve(folder, functions[i]));
      const places = curves.flatMap((curve) => curve.breakpoints.map((b) => b.at));
      const xs = actgen.grid(...x, Math.max(this.part("chart").clientWidth, 300), places);
      const columns = curves.map((curve) =>
        actgen.ordinates((t) => (this.slope ? curve.partial(curve.input, t) : curve.value(t)), xs, places),
      );
      this.view = { x, y: this.fixed?.y ?? actgen.verticalRange(columns) };
      const series = columns.map((ys, i) => ({
        label: wanted[i],
        colour: `--series-${i + 1}`,
        dash: DASHES[i % DASHES.length],
        ys,
      }));
      this.chart.show(xs, series, this.view);
    }

    #curve(folder, functions) {
      const { shown, still } = this.entries.get(folder);
      const along = { parameters: functions.nominal, input: shown, others: still, output: functions.outputs[0] };
      return { ...actgen.along(functions, along), input: shown };
    }

    #legend() {
      const items = this.chosen.map((folder, i) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        const swatch = document.createElement("span");
        button.type = "button";
        button.className = "quiet";
        swatch.className = "swatch";
        swatch.style.setProperty("--series", `var(--series-${i + 1})`);
        swatch.style.borderTopStyle = ["solid", "dashed", "dotted", "dashed"][i % 4];
        const { title } = this.entries.get(folder);
        button.append(swatch, title, " ×");
        button.setAttribute("aria-label", `Remove ${title} from the comparison`);
        button.addEventListener("click", () => this.choose(this.chosen.filter((other) => other !== folder)));
        item.append(button);
        return item;
      });
      this.part("legend").replaceChildren(...items);
    }
  };
})();
