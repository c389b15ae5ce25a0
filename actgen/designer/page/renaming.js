// Names of the form that can be typed over: what is declared is then called so wherever the spec uses it.

import { make } from "./elements.js";

/** A name in a box. `rename(name)` gives it another one, and says whether that could be done. */
export function nameBox(what, name, rename) {
  const input = make("input", {
    className: "rename",
    value: name,
    size: Math.max(name.length, 2),
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: false,
    title: `Rename ${what}: every formula follows`,
    attributes: { "aria-label": `Name of ${what}` },
  });
  input.addEventListener("input", () => {
    input.size = Math.max(input.value.length, 2);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    input.value = name;
    input.select();
  });
  input.addEventListener("change", async () => {
    const wanted = input.value.trim();
    if (wanted === name || !wanted || !(await rename(wanted))) input.value = name;
  });
  return input;
}
