/* Typesets what the page holds as LaTeX: elements of class `math`, displayed if `data-display` is there. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});

  // KaTeX writes some styles as attributes, which the designer's policy forbids; what scripts set is allowed.
  SVGElement.prototype.setAttribute = function (name, value) {
    if (name === "style") this.style.cssText = value;
    else Element.prototype.setAttribute.call(this, name, value);
  };
  const OPTIONS = { throwOnError: false, trust: false, strict: false, maxExpand: 200, output: "htmlAndMathml" };

  /** Typesets every formula below an element. */
  actgen.typeset = (root) => {
    for (const element of root.querySelectorAll(".math:not([data-typeset])")) {
      const display = "display" in element.dataset;
      const latex = element.textContent;
      katex.render(latex, element, { ...OPTIONS, displayMode: display });
      element.dataset.typeset = "";
      if (display) scrollable(element);
    }
  };

  /** A wide formula scrolls by itself, with the keyboard too. */
  const scrollable = (element) => {
    element.tabIndex = 0;
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", element.dataset.label ?? "Formula");
  };

  /** A formula as HTML, for what a script builds. */
  actgen.inlineMath = (latex) => {
    const element = document.createElement("span");
    katex.render(latex, element, { ...OPTIONS, displayMode: false });
    return element;
  };
})();
