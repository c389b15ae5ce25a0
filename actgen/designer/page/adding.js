// Lines that add something to the spec, and buttons that take it away.

import { button, make } from "./elements.js";

/** A line to add something with a name that none of `declared` has: `onAdd(name, value)`. */
export function addRow({ declared, label, name, value, usual, onAdd, names }) {
  const id = `add-${label.replaceAll(/\W+/g, "-")}`;
  const first = make("input", { id: `${id}-name`, placeholder: name, autocomplete: "off", spellcheck: false, required: true, pattern: "[A-Za-z][A-Za-z0-9_]*", title: "Letters, digits and underscores" });
  const second = make("input", { id: `${id}-value`, placeholder: usual, autocomplete: "off", spellcheck: false });
  const form = make(
    "form",
    { className: "add", attributes: { "aria-label": label } },
    make("label", { className: "for-readers", htmlFor: first.id }, names[0]),
    first,
    make("label", { className: "for-readers", htmlFor: second.id }, names[1]),
    second,
    button(value, () => {}, { type: "submit" }),
  );
  first.addEventListener("input", () => {
    const isTaken = declared.some(({ text }) => text === first.value.trim());
    first.setCustomValidity(isTaken ? `${first.value.trim()} is there already` : "");
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onAdd(first.value.trim(), second.value.trim() || usual);
    first.value = second.value = "";
  });
  return form;
}

/** A button that takes something away. */
export function removal(what, onClick) {
  return button("×", onClick, { className: "quiet remove", title: `Remove ${what}`, attributes: { "aria-label": `Remove ${what}` } });
}
