/* Light or dark: as the system prefers, until a reader chooses; the choice is remembered where that is allowed. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});
  const root = document.documentElement;
  const KEY = "actgen-theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const listeners = [];

  const stored = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };

  const show = () => {
    const dark = (stored() ?? (system.matches ? "dark" : "light")) === "dark";
    root.dataset.theme = dark ? "dark" : "light";
    for (const button of document.querySelectorAll("[data-theme-button]")) {
      button.setAttribute("aria-pressed", String(dark));
      button.setAttribute("aria-label", dark ? "Dark theme on; switch to light" : "Light theme on; switch to dark");
    }
    for (const listener of listeners) listener();
  };

  /** Calls the listener whenever the theme has changed. */
  actgen.onTheme = (listener) => listeners.push(listener);

  /** The colour of this name in the style sheet, as in `colour("--curve-f")`. */
  actgen.colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();

  show();
  system.addEventListener("change", show);
  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-button]")) return;
    try {
      localStorage.setItem(KEY, root.dataset.theme === "dark" ? "light" : "dark");
    } catch {
      root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    }
    show();
  });
})();
