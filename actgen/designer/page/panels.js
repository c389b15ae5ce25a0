// What comes of a spec, below the picture: formulas, analysis, program, and the source for each framework.

const { actgen } = globalThis;

const element = (name, text, properties = {}) => Object.assign(document.createElement(name), { textContent: text }, properties);

const displayed = (latex) => {
  const formula = element("div", latex, { className: "math" });
  formula.dataset.display = "";
  return formula;
};

/** Formulas and derivatives, typeset. */
export function showFormulas(panel, activation) {
  const parts = activation.formulas.map(({ latex }) => displayed(latex));
  if (activation.formula_definitions.length) {
    parts.push(element("p", "where"), ...activation.formula_definitions.map((d) => displayed(d.latex ?? d)));
  }
  parts.push(element("h3", "Derivatives"), ...activation.partials.map(({ latex }) => displayed(latex)));
  if (activation.partial_definitions.length) {
    parts.push(element("p", "where"), ...activation.partial_definitions.map((d) => displayed(d.latex ?? d)));
  }
  if (activation.breakpoints.length) parts.push(element("h3", "Breakpoints"), breakpoints(activation));
  panel.replaceChildren(...parts);
  actgen.typeset(panel);
}

const breakpoints = (activation) => {
  const table = element("table", "");
  for (const { variable, location, smoothness, proof } of activation.breakpoints) {
    const row = table.insertRow();
    const place = element("span", `${variable} = ${location}`, { className: "math" });
    row.insertCell().append(place);
    row.insertCell().textContent = smoothness ?? "not proved";
    row.insertCell().textContent = proof;
  }
  const scroll = element("div", "", { className: "table" });
  scroll.append(table);
  return scroll;
};

/** Text that stays as it is, with a button that copies it. */
export function showText(panel, texts, language) {
  const blocks = Object.entries(texts).flatMap(([name, text], i) => {
    const id = `${panel.id}-text-${i}`;
    const head = element("div", "", { className: "code-head" });
    const copy = element("button", "Copy", { type: "button", className: "copy" });
    copy.dataset.copy = id;
    copy.setAttribute("aria-label", `Copy ${name}`);
    head.append(element("h3", name), copy);
    const code = element("code", text, { id });
    if (language) code.dataset.language = language;
    const box = element("pre", "", { tabIndex: 0 });
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", name);
    box.append(code);
    return [head, box];
  });
  panel.replaceChildren(...blocks);
  actgen.prepareSources(panel);
}

/** A remark in place of what is not there. */
export function showRemark(panel, text) {
  panel.replaceChildren(element("p", text, { className: "hint" }));
}
