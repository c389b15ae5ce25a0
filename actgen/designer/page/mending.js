// What one click can mend: a name that is used and not declared becomes a parameter, one that is not used goes.

import { button } from "./elements.js";

const NOT_DECLARED = "ACT302";
const NOT_USED = "ACT401";

/** A button that mends a finding about this text; null where nothing is known to. `names` are those that are declared. */
export function mending({ code, line, column }, { text, names, edit }) {
  const does = (words, edits) => button(words, () => edit(edits), { className: "quiet mend" });
  if (code === NOT_DECLARED && /^[A-Za-z]\w*$/.test(text)) return does(`Make ${text} a parameter`, [{ path: ["parameters", text], value: "1" }]);
  const declared = code === NOT_USED && names.find((name) => name.line === line && name.column === column);
  return declared ? does(`Remove ${text}`, [{ path: declared.path, value: null }]) : null;
}
