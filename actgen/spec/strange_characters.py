"""Characters outside ASCII that stand in an expression: how an expression writes what they mean."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from actgen.spec.characters import character_name
from actgen.spec.findings import quoted
from actgen.spec.vocabulary import GREEK, UNICODE_HELP, UNICODE_SPELLINGS

SUPERSCRIPTS = "[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+"
"""A pattern for a whole power: `x³²` is one of 32."""

_PUNCTUATION = tuple("+-*/<>&|~(),^=!%")
_ALPHANUMERIC = re.compile(r"[A-Za-z0-9/]+")


@dataclass(frozen=True, slots=True)
class Strange:
    """What is said of a strange character; `meant` is what to read in its place, None where that is not plain."""

    meant: str | None
    message: str
    help: str


def explain_strange(text: str) -> Strange:
    """The finding for a character, or for a run of superscripts."""
    # Unicode's compatible form is how it says itself that `＋` is a plus sign and `𝑥` an x.
    plain = unicodedata.normalize("NFKC", text).replace("\u2044", "/").replace("\u2212", "-")
    if re.fullmatch(SUPERSCRIPTS, text):
        digits = plain.lstrip("+")
        power = f"**({digits})" if digits.startswith("-") else f"**{digits}"
        return Strange(power, f"{quoted(text)} is a superscript, which no expression has", f"write {quoted(power)}")
    meant = UNICODE_SPELLINGS.get(text) or (plain if plain in _PUNCTUATION else None)
    if meant is not None:
        help = f"write `{meant.strip()}`" if meant.strip() else "use an ordinary blank"
        return Strange(meant, f"{_shown(text)} is not a character of expressions", help)
    name = GREEK.get(plain.lower(), plain)
    help = UNICODE_HELP.get(text) or (f"write `{name}`" if _ALPHANUMERIC.fullmatch(name) else None)
    shown = _shown(text) if help else f"{quoted(text)}, {character_name(text)},"
    return Strange(None, f"{shown} is not a character of expressions", help or "expressions are ASCII")


def _shown(character: str) -> str:
    return quoted(character) if character.isprintable() and character != "\u00a0" else character_name(character)
