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

  #choice({ title, formula, words, text }) {
    const element = make(
      "button",
      { type: "button", className: "start" },
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
