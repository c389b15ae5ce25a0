"""Characters that no spec may hold: they hide, reorder or break text in an editor, a terminal or generated code."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
_INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_NO_CHARACTER = "\ud800-\udfff\ufffe\uffff"
FORBIDDEN = re.compile(f"[{_CONTROL}{_INVISIBLE}{_NO_CHARACTER}]")
"""One forbidden character. Tab and line feed are not in it."""

_SHORT = {
    "\x00": "NUL",
    "\x07": "BEL",
    "\x08": "BS",
    "\t": "TAB",
    "\x0b": "VT",
    "\x0c": "FF",
    "\r": "CR",
    "\x1b": "ESC",
}


def character_name(character: str) -> str:
    """`BEL (U+0007)`, `ZERO WIDTH SPACE (U+200B)`."""
    name = _SHORT.get(character) or unicodedata.name(character, "")
    code = f"U+{ord(character):04X}"
    return f"{name} ({code})" if name else code
