// What one click can mend: a name that is used and not declared becomes a parameter.

import { button } from "./elements.js";

const NOT_DECLARED = "ACT302";

/** A button that mends a finding about this text of the spec; null where nothing is known to. */
export function mending({ code }, text, edit) {
  if (code !== NOT_DECLARED || !/^[A-Za-z]\w*$/.test(text)) return null;
  return button(`Make ${text} a parameter`, () => edit([{ path: ["parameters", text], value: "1" }]), { className: "quiet mend" });
}
