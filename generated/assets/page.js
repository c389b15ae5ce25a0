/* Puts a page together: the picture and its controls, formulas, sources, and the state in the address. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});

  /** The controls of the parameters, and of the inputs that the picture does not run along. */
  actgen.buildControls = (explorer) => {
    const { data, options } = explorer;
    const still = data.inputs.filter((i) => i.name !== options.input);
    const controls = [...data.parameters, ...still].map((quantity) => {
      const { name, symbol, latex, description, nominal, range } = quantity;
      const shown = { name, label: symbol, latex, description, value: nominal, low: range[0], high: range[1] };
      const control = new actgen.Control(shown, (value) => explorer.assign(name, value));
      control.set(explorer.values[name]);
      return control;
    });
    explorer.part("controls").replaceChildren(...controls.map((control) => control.element));
    explorer.part("parameters").hidden = !controls.length;
    return controls;
  };

  /** What differs from the page as it first opens, for its address. */
  actgen.addressOf = ({ data, options, values, fixed, readout, flow }) => {
    const entries = {};
    const usual = [...data.parameters, ...data.inputs.filter((i) => i.name !== options.input)];
    for (const { name, nominal } of usual) {
      if (values[name] !== nominal) entries[name] = actgen.plainNumber(values[name], 12);
    }
    if (options.output !== data.outputs[0].name) entries["show.output"] = options.output;
    if (options.input !== data.shown) entries["show.input"] = options.input;
    const first = [...data.parameters, ...data.inputs].find((q) => q.name !== options.input)?.name ?? "none";
    if (options.partial !== first) entries["show.partial"] = options.partial;
    const off = ["value", "slope", "marks", "shading"].filter((name) => !options[name]);
    if (off.length) entries["show.off"] = off.join(",");
    if (fixed.x) entries["view.x"] = actgen.writeInterval(fixed.x);
    if (fixed.y) entries["view.y"] = actgen.writeInterval(fixed.y);
    if (readout.pinned !== 1) entries.at = actgen.plainNumber(readout.pinned);
    if (flow.normal.mean !== 0) entries["normal.mean"] = actgen.plainNumber(flow.normal.mean);
    if (flow.normal.deviation !== 1) entries["normal.deviation"] = actgen.plainNumber(flow.normal.deviation);
    return entries;
  };

  /** The picture in words, for those who cannot see it. */
  actgen.described = ({ data, options, view, regions, breakpoints }) => {
    const letters = actgen.letters({ data, options });
    const number = (value) => actgen.formatNumber(value, 3);
    const name = data.inputs.find((i) => i.name === options.input).symbol;
    const words = [`${letters.value} from ${name} = ${number(view.x[0])} to ${number(view.x[1])}.`];
    for (const { at, label } of breakpoints) words.push(`Breakpoint at ${name} = ${number(at)}: ${label}.`);
    for (const { kind, from, to } of regions) words.push(`${kind} from ${number(from)} to ${number(to)}.`);
    return words.join(" ");
  };

  /** What the page holds as JSON. */
  const pageData = () => JSON.parse(document.getElementById("activation").textContent);

  actgen.openPage = () => {
    actgen.typeset(document);
    actgen.prepareSources(document);
    const root = document.querySelector("[data-explorer]");
    const data = pageData();
    const explorer = new actgen.Explorer(root);
    explorer.load(data, actgen.activations[data.name], actgen.readAddress());
    window.addEventListener("hashchange", () => explorer.load(data, actgen.activations[data.name], actgen.readAddress()));
    return explorer;
  };
})();
