// Elements of the page, made in one line.

/** An element with properties and children; text children are put in as text. */
export function make(name, properties = {}, ...children) {
  const { data = {}, attributes = {}, ...rest } = properties;
  const element = Object.assign(document.createElement(name), rest);
  Object.assign(element.dataset, data);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A button that does something. */
export function button(text, onClick, properties = {}) {
  const element = make("button", { type: "button", className: "quiet", ...properties }, text);
  element.addEventListener("click", onClick);
  return element;
}

/** The element of this identifier. */
export const part = (id) => document.getElementById(id);
