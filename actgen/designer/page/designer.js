// The designer: a spec that is edited, saved and built. What follows from it is in `following.js`.

import { Building } from "./building.js";
import { Editor, insertText } from "./editor.js";
import { part } from "./elements.js";
import { Following } from "./following.js";
import { Form } from "./form.js";
import { History } from "./history.js";
import { Refusal, ask } from "./session.js";
import { Starts } from "./starts.js";

const { actgen } = globalThis;
const PAUSE_MS = 100;
const STATES = { new: "not saved yet", unsaved: "unsaved", saved: "saved" };

class Designer {
  constructor() {
    this.editor = new Editor(part("editor"), () => this.edited());
    const attempt = (action) => this.attempt(action);
    const texts = { getText: () => this.editor.text, setText: (text) => this.write(text) };
    this.form = new Form(part("panel-form"), { ...texts, attempt });
    this.following = new Following({ editor: this.editor, form: this.form, attempt, use: (texts) => this.form.take(texts) });
    this.history = new History(() => this.showHistory());
    this.building = new Building(part("building"));
    this.starts = new Starts((text) => this.write(text, { forced: true }));
    this.file = { text: "", revision: null };
    this.#listen();
  }

  #listen() {
    const actions = {
      save: () => this.save(),
      build: () => this.build(),
      overwrite: () => this.save({ overwrite: true }),
      reload: () => this.reload(),
      undo: () => this.travel(-1),
      redo: () => this.travel(1),
    };
    for (const [id, action] of Object.entries(actions)) part(id).addEventListener("click", () => this.attempt(action));
    part("functions").addEventListener("click", (event) => {
      const { insert } = event.target.dataset;
      if (insert) insertText(this.lastArea?.isConnected ? this.lastArea : this.editor.area, insert);
    });
    const desk = document.querySelector(".desk");
    desk.addEventListener("focusin", (event) => {
      if (event.target.matches("textarea:not(.words)")) this.lastArea = event.target;
    });
    document.querySelector("[data-copy-from]").addEventListener("click", (event) => actgen.copyText(this.editor.text, event.target));
    addEventListener("keydown", (event) => this.#key(event));
    addEventListener("beforeunload", (event) => this.editor.text !== this.file.text && event.preventDefault());
    actgen.prepareSources(part("more"));
    actgen.prepareSources(part("ways").parentElement);
  }

  #key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    const here = event.target === document.body || event.target.closest?.(".desk");
    const steps = { z: event.shiftKey ? 1 : -1, y: 1 };
    if (key === "s") this.#do(event, () => this.save());
    else if (key === "enter") this.#do(event, () => !part("build").disabled && this.build());
    else if (key in steps && here) this.#do(event, () => this.travel(steps[key]));
  }

  #do(event, action) {
    event.preventDefault();
    this.attempt(action);
  }

  get isDirty() {
    return this.editor.text !== this.file.text || this.file.revision === null;
  }

  /** Does something; a refusal is shown, but one that only says that something newer was asked is not. */
  async attempt(action) {
    try {
      return await action();
    } catch (error) {
      if (error instanceof Refusal && error.said.error === "superseded") return undefined;
      if (error instanceof Refusal && error.said.error === "conflict") {
        part("conflict").hidden = false;
        part("conflict").scrollIntoView({ block: "nearest" });
      }
      part("verdict").dataset.state = "bad";
      part("verdict").textContent = error.message;
      if (!(error instanceof Refusal)) console.error(error);
      return undefined;
    }
  }

  async open() {
    this.file = await ask("spec");
    part("path").textContent = this.file.path;
    this.editor.text = this.file.text;
    this.history.reset(this.file.text);
    part("save").disabled = part("build").disabled = false;
    if (this.file.revision === null) this.attempt(() => this.starts.show());
    this.showState();
    await this.following.follow({ forced: true });
  }

  /** Takes the file from disk: a change like others, which can be undone. */
  async reload() {
    await this.form.settled();
    this.file = await ask("spec");
    part("conflict").hidden = true;
    this.history.close();
    this.write(this.file.text, { forced: true });
  }

  /** Puts another text in the place of the spec. */
  write(text, { forced = false } = {}) {
    this.editor.text = text;
    this.edited({ forced });
  }

  /** Undoes, or does again. */
  async travel(by) {
    await this.form.settled();
    const text = this.history.step(by);
    if (text !== this.editor.text) this.write(text, { forced: true });
  }

  edited({ forced = false } = {}) {
    this.history.note(this.editor.text);
    this.showState();
    if (this.editor.text !== this.file.text) this.starts.hide();
    this.forced = this.forced || forced;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const wasForced = this.forced;
      this.forced = false;
      this.attempt(() => this.following.follow({ forced: wasForced }));
    }, PAUSE_MS);
  }

  showHistory() {
    part("undo").disabled = !this.history?.canUndo;
    part("redo").disabled = !this.history?.canRedo;
  }

  showState() {
    const state = this.file.revision === null ? "new" : this.isDirty ? "unsaved" : "saved";
    part("saved").dataset.state = state === "saved" ? "saved" : "unsaved";
    part("saved").textContent = STATES[state];
  }

  async save({ overwrite = false } = {}) {
    await this.form.settled();
    const { text } = this.editor;
    this.file = await ask("save", { text, revision: this.file.revision, overwrite });
    this.file.text = text;
    part("conflict").hidden = true;
    this.starts.hide();
    this.showState();
  }

  async build() {
    await this.form.settled();
    if (this.isDirty) await this.save();
    part("build").disabled = true;
    try {
      await this.building.run(this.file.revision);
    } finally {
      part("build").disabled = false;
    }
  }
}

const designer = new Designer();
designer.attempt(() => designer.open());
