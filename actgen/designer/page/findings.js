// What the spec's reader and the mathematics have to say, in the words of the command line.

import { make } from "./elements.js";

const SEVERITIES = ["error", "warning", "note"];

const CARET = /^\s*\|\s*\^+/;

const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

/** Findings in the order in which they matter. */
export const gravestFirst = (findings) => [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));

/** A finding as the command line prints it, but for the help, which is below the caret; what it says is seen whole, however narrow the page is. */
export function findingText({ rendered, severity, help }) {
  const [head, ...rest] = rendered.trimEnd().split("\n");
  const [frame, words] = help ? withoutHelp(rest, help) : [rest, ""];
  const below = words ? ["\n", said(words)] : [];
  return make("pre", { data: { severity } }, said(`${head}\n`), frame.join("\n"), ...below);
}

const said = (text) => make("span", { className: "said" }, text);

/** The lines of a place without the help after the caret, and those of the help as they are printed there. */
function withoutHelp(lines, help) {
  const at = lines.findIndex((line) => CARET.test(line));
  if (at < 0) return [lines, ""];
  const [caret] = CARET.exec(lines[at]);
  const end = at + help.trimEnd().split("\n").length;
  const words = lines.slice(at, end).map((line) => line.slice(caret.length + 1));
  return [[...lines.slice(0, at), caret, ...lines.slice(end)], words.join("\n")];
}

/**
 * Shows findings in a list, the gravest first; a click calls `show(finding)`; `mend(finding)` is a button
 * that mends it, or null. Says whether there are errors. */
export function showFindings(list, verdict, findings, actions) {
  list.replaceChildren(...gravestFirst(findings).map((finding) => item(finding, actions)));
  const counts = SEVERITIES.map((severity) => [severity, findings.filter((f) => f.severity === severity).length]);
  const errors = counts[0][1];
  verdict.dataset.state = errors ? "bad" : "good";
  const words = counts.filter(([, number]) => number).map(([severity, number]) => count(number, severity));
  verdict.textContent = words.length ? words.join(", ") : "No findings.";
  return errors > 0;
}

const item = (finding, { show, mend }) => {
  const element = document.createElement("li");
  const text = findingText(finding);
  element.dataset.severity = finding.severity;
  if (finding.line === null) {
    element.append(text);
    return element;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-label", `${finding.severity} in line ${finding.line}: ${finding.message}`);
  button.append(text);
  button.addEventListener("click", () => show(finding));
  element.append(button);
  const mended = mend(finding);
  if (mended) element.append(mended);
  return element;
};
