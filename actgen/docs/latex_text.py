r"""Text from a spec as LaTeX running text: escaped, and in characters that pdfLaTeX has a glyph for.

A character without one is spelled: a letter with its accent's command, a symbol in mathematics, anything else in
ASCII, as a reader would transcribe it (`anyascii`), and, where even that is not known, as its code point.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from anyascii import anyascii

from actgen.docs.text import one_line
from actgen.emit.escaping import tex
from actgen.latex_symbol import GREEK

_LATIN = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿĀāĂăĆćČčĎďĒēĚěĞğĪīİıŁłŃńŇňŌōŐőŒœŘřŚśŞşŠšŤťŪūŮůŰűŹźŻżŽž"
)
_CHARACTERS = {"–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "…": "...", "\u00a0": " "}
_SYMBOLS = {
    **{"−": "-", "×": r"\times", "÷": r"\div", "±": r"\pm", "·": r"\cdot", "∞": r"\infty", "∂": r"\partial"},
    **{"≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "≈": r"\approx", "∈": r"\in", "√": r"\surd", "∑": r"\sum"},
    **{"∏": r"\prod", "∫": r"\int", "→": r"\to", "←": r"\leftarrow", "⇒": r"\Rightarrow", "∇": r"\nabla"},
    **{"°": r"^{\circ}", "ℝ": r"\mathrm{R}", "ϕ": r"\phi", "ϵ": r"\epsilon", "ς": r"\varsigma", "ϑ": r"\vartheta"},
    **{"⁰": "^{0}", "¹": "^{1}", "²": "^{2}", "³": "^{3}", "⁴": "^{4}", "⁵": "^{5}", "⁶": "^{6}", "⁷": "^{7}"},
    **{"⁸": "^{8}", "⁹": "^{9}", "⁻": "^{-}", "′": "'", "″": "''", "∘": r"\circ", "⋅": r"\cdot", "∗": r"\ast"},
}
_ACCENTS = {
    **{"\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": "."},
    **{"\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c", "\u0331": "b"},
}
_LONG_WORD, _STEP = 30, 10


def tex_line(text: str) -> str:
    r"""One line of running text; a word that is too long for a line, such as an address, may end one within.

    It may stand after a `\\`, which would take a `[` or a `*` that follows it for its own.
    """
    line = unicodedata.normalize("NFC", one_line(text))
    shown = " ".join(_word(word) for word in line.split(" "))
    return ("{}" if line.startswith(("[", "*")) else "") + shown


def _word(word: str) -> str:
    spelled = list(_spelled(word))
    if len(spelled) <= _LONG_WORD:
        return "".join(spelled)
    parts = ("".join(spelled[i : i + _STEP]) for i in range(0, len(spelled), _STEP))
    return r"\allowbreak{}".join(parts)


def _spelled(word: str) -> Iterator[str]:
    """A word's characters, each as LaTeX."""
    for character in word:
        if character.isascii():
            yield tex(character)
        elif character in _LATIN:
            yield character
        else:
            yield from _foreign(character)


def _foreign(character: str) -> Iterator[str]:
    if character in _CHARACTERS:
        yield _CHARACTERS[character]
    elif character in _SYMBOLS:
        yield _in_mathematics(_SYMBOLS[character])
    elif found := _letter(character):
        yield found
    elif not unicodedata.category(character).startswith("M"):  # a mark alone has nothing to stand on
        yield from (tex(c) for c in anyascii(character) or f"U+{ord(character):04X}")


def _letter(character: str) -> str | None:
    """A Latin letter with an accent, or a Greek letter; None for any other."""
    base, *marks = unicodedata.normalize("NFD", character)
    if base.isascii() and base.isalpha():
        accent = next((_ACCENTS[mark] for mark in marks if mark in _ACCENTS), None)
        return base if accent is None else rf"\{accent}{{{base}}}"
    words = unicodedata.name(base, "").split()
    if len(words) != 4 or words[0] != "GREEK" or words[2] != "LETTER":
        return None
    name = {"LAMDA": "lambda"}.get(words[3], words[3].lower())
    if words[1] == "SMALL":
        return "o" if name == "omicron" else _in_mathematics(f"\\{name}") if name in GREEK else None
    capital = name.capitalize()
    return _in_mathematics(f"\\{capital}") if capital in GREEK else None


def _in_mathematics(latex: str) -> str:
    return rf"\ensuremath{{{latex}}}"
