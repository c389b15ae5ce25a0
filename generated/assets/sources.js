/* Source code: tabs that the arrow keys walk through, colours, and buttons that copy. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});

  /** Prepares the tabs and the code below an element. */
  actgen.prepareSources = (root) => {
    for (const list of root.querySelectorAll("[role=tablist]")) prepareTabs(list);
    for (const button of root.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(button));
    for (const code of root.querySelectorAll("pre code[data-language]")) {
      if (!code.closest("[hidden]")) paint(code);
    }
  };

  const paint = (code) => {
    if (code.dataset.painted !== undefined) return;
    const { language } = code.dataset;
    if (hljs.getLanguage(language)) code.innerHTML = hljs.highlight(code.textContent, { language }).value;
    code.dataset.painted = "";
  };

  const prepareTabs = (list) => {
    const tabs = [...list.querySelectorAll("[role=tab]")];
    const select = (chosen, focus) => {
      for (const tab of tabs) {
        const here = tab === chosen;
        tab.setAttribute("aria-selected", String(here));
        tab.tabIndex = here ? 0 : -1;
        const panel = document.getElementById(tab.getAttribute("aria-controls"));
        panel.hidden = !here;
        if (here) panel.querySelectorAll("code[data-language]").forEach(paint);
      }
      if (focus) chosen.focus();
      list.dispatchEvent(new CustomEvent("tab"));
    };
    list.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (tab) select(tab, false);
    });
    list.addEventListener("keydown", (event) => {
      const at = tabs.indexOf(document.activeElement);
      const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 };
      if (at < 0 || !(event.key in steps)) return;
      event.preventDefault();
      select(tabs[(steps[event.key] + tabs.length) % tabs.length], true);
    });
  };

  const copy = (button) => actgen.copyText(document.getElementById(button.dataset.copy).textContent, button);

  /** Copies a text, and says so on the button that asked. */
  actgen.copyText = async (text, button) => {
    const done = (await viaClipboard(text)) || viaSelection(text);
    const before = button.dataset.label ?? (button.dataset.label = button.textContent);
    button.textContent = done ? "Copied" : "Copying is not allowed here";
    setTimeout(() => (button.textContent = before), 1600);
  };

  const viaClipboard = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  };

  /** For pages opened from a folder, where some browsers have no clipboard. */
  const viaSelection = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };
})();
