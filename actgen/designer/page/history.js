// What the spec said before: whatever changes it, typing or a button, is undone alike.

const TOGETHER_MS = 700;
const MOST = 300;

/** Texts in order. `onChange` is called when there is more or less to undo. */
export class History {
  constructor(onChange) {
    this.onChange = onChange;
    this.reset("");
  }

  /** Begins anew. */
  reset(text) {
    this.texts = [text];
    this.at = 0;
    this.since = 0;
    this.onChange();
  }

  /** Notes a text; what is typed in one go is one step, a line more or less is one of its own. */
  note(text) {
    if (text === this.texts[this.at]) return;
    const now = performance.now();
    const isTyping = now - this.since < TOGETHER_MS && lines(text) === lines(this.texts[this.at]);
    const together = isTyping && this.at > 0 && this.at === this.texts.length - 1;
    if (together) this.texts[this.at] = text;
    else this.texts.splice(++this.at, Infinity, text);
    if (this.texts.length > MOST) this.at -= this.texts.splice(0, this.texts.length - MOST).length;
    this.since = now;
    this.onChange();
  }

  /** What comes next is a step of its own, however soon. */
  close() {
    this.since = 0;
  }

  get canUndo() {
    return this.at > 0;
  }

  get canRedo() {
    return this.at < this.texts.length - 1;
  }

  /** The text so many steps away; the present one where there is none. */
  step(by) {
    this.at = Math.min(Math.max(this.at + by, 0), this.texts.length - 1);
    this.close();
    this.onChange();
    return this.texts[this.at];
  }
}

const lines = (text) => text.split("\n").length;
