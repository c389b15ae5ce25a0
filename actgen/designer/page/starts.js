// Where a new spec can begin. Shown while the file is not there and nobody has written anything.

import { make, part } from "./elements.js";
import { ask } from "./session.js";

/** The card of beginnings; `onChoose(text)` takes one. */
export class Starts {
  constructor(onChoose) {
    this.card = part("starts");
    this.onChoose = onChoose;
    part("no-start").addEventListener("click", () => this.hide());
  }

  async show() {
    const { starts } = await ask("starts");
    part("start-list").replaceChildren(...starts.map((start) => this.#choice(start)));
    this.card.hidden = false;
  }

  hide() {
    this.card.hidden = true;
  }

  #choice({ title, formula, words, text, curve }) {
    const element = make(
      "button",
      { type: "button", className: "start" },
      thumbnail(curve),
      make("strong", {}, title),
      make("span", { className: "start-formula" }, formula),
      make("span", { className: "hint" }, words),
    );
    element.addEventListener("click", () => {
      this.hide();
      this.onChoose(text);
    });
    return element;
  }
}

/** A small picture of points (x, y) over both axes, for the eye only. */
function thumbnail(points) {
  const [xs, ys] = [0, 1].map((place) => points.map((point) => point[place]));
  const box = { left: Math.min(...xs), right: Math.max(...xs), low: Math.min(0, ...ys), high: Math.max(...ys) };
  const across = (x) => (100 * (x - box.left)) / (box.right - box.left);
  const down = (y) => 4 + (32 * (box.high - y)) / (box.high - box.low);
  const picture = shape("svg", { viewBox: "0 0 100 40", preserveAspectRatio: "none", "aria-hidden": "true", class: "thumbnail" });
  const lines = { axis: `M0 ${down(0)}H100M${across(0)} 0V40`, curve: `M${points.map(([x, y]) => `${across(x)} ${down(y)}`).join("L")}` };
  picture.append(...Object.entries(lines).map(([name, d]) => shape("path", { d, class: name })));
  return picture;
}

function shape(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
