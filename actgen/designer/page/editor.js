// The text of the spec: line numbers, marks under what findings are about, indentation with the Tab key.

const INDENT = "  ";

/** Puts text in place of the selection, as if it were typed; `▮` in it is where the cursor goes. */
export function insertText(area, text) {
  area.focus();
  const [before, after = ""] = text.split("▮");
  document.execCommand("insertText", false, before + after);
  area.selectionStart = area.selectionEnd -= after.length;
}

/** A text area that shows where findings are. `onEdit` is called with every change. */
export class Editor {
  constructor(root, onEdit) {
    this.area = root.querySelector("textarea");
    this.gutter = root.querySelector(".gutter");
    this.marks = root.querySelector(".marks");
    this.findings = [];
    this.area.addEventListener("input", () => {
      this.findings = [];
      this.#draw();
      onEdit();
    });
    this.area.addEventListener("scroll", () => this.#follow());
    this.area.addEventListener("keydown", (event) => this.#key(event));
  }

  get text() {
    return this.area.value;
  }

  set text(text) {
    this.area.value = text;
    this.area.disabled = false;
    this.findings = [];
    this.#draw();
  }

  /** Underlines what the findings are about. */
  mark(findings) {
    this.findings = findings.filter((finding) => finding.line !== null);
    this.#draw();
  }

  /** What a finding is about. */
  textOf(finding) {
    return this.text.slice(this.#index(finding.line, finding.column), this.#index(finding.end_line, finding.end_column));
  }

  /** Selects a finding's place. */
  show(finding) {
    this.area.focus();
    this.area.setSelectionRange(this.#index(finding.line, finding.column), this.#index(finding.end_line, finding.end_column));
    const line = parseFloat(getComputedStyle(this.area).lineHeight);
    this.area.scrollTop = Math.max(0, (finding.line - 4) * line);
  }

  #index(line, column) {
    let start = 0;
    for (let n = 1; n < line; n++) start = this.text.indexOf("\n", start) + 1;
    return start + column - 1;
  }

  #key(event) {
    if (event.key !== "Tab" || event.shiftKey || event.ctrlKey || event.altKey || this.escaped) {
      this.escaped = event.key === "Escape"; // Escape, then Tab, leaves the text
      return;
    }
    event.preventDefault();
    document.execCommand("insertText", false, INDENT);
  }

  #draw() {
    const lines = this.text.split("\n");
    const faulty = new Set(this.findings.filter((f) => f.severity === "error").map((f) => f.line));
    const numbers = lines.map((_, n) => {
      const number = document.createElement(faulty.has(n + 1) ? "b" : "span");
      number.textContent = `${n + 1}\n`;
      return number;
    });
    this.gutter.replaceChildren(...numbers);
    this.#underline();
    this.#follow();
  }

  #underline() {
    const places = this.findings
      .map((f) => [this.#index(f.line, f.column), this.#index(f.end_line, f.end_column), f.severity])
      .sort((a, b) => a[0] - b[0]);
    const parts = [];
    let at = 0;
    for (const [start, end, severity] of places) {
      if (start < at) continue;
      const mark = document.createElement("mark");
      mark.dataset.severity = severity;
      mark.textContent = this.text.slice(start, Math.max(end, start + 1));
      parts.push(this.text.slice(at, start), mark);
      at = Math.max(end, start + 1);
    }
    this.marks.replaceChildren(...parts, this.text.slice(at), "\n");
  }

  #follow() {
    this.gutter.scrollTop = this.marks.scrollTop = this.area.scrollTop;
    this.marks.scrollLeft = this.area.scrollLeft;
  }
}
