r"""About how wide LaTeX mathematics will be, in letters, to decide where a long sum is broken."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\S")
_SPOKEN = re.compile(r"\\(?:sin|cos|tan|sinh|cosh|tanh|arcsin|arccos|arctan|log|max|min)$")
_SILENT = frozenset((r"\left", r"\right", r"\mathop", r"\mathrm", r"\text", r"\displaystyle", r"\big", r"\Big"))
_WIDE = frozenset(("+", "-", "=", "<", ">", r"\leq", r"\geq", r"\neq"))
_SCRIPT = 0.7


def width(latex: str) -> float:
    """The width of one line; a fraction is as wide as its wider part, an index or exponent smaller than the rest."""
    return _sequence(iter(_TOKEN.findall(latex)))


def _sequence(words: Iterator[str]) -> float:
    """The width of everything up to the closing brace or the end."""
    total = 0.0
    for word in words:
        if word == "}":
            break
        total += _item(word, words)
    return total


def _item(word: str, words: Iterator[str]) -> float:
    if word == "{":
        return _sequence(words)
    if word in (r"\frac", r"\dfrac"):
        return max(_argument(words), _argument(words))
    if word in ("_", "^"):
        return _SCRIPT * _argument(words)
    if word in _SILENT or word in ("&", r"\,"):
        return 0.0
    if word == r"\sqrt":
        return 1.0 + _argument(words)
    if _SPOKEN.match(word):
        return len(word) - 1.0
    return 2.0 if word in _WIDE else 1.0


def _argument(words: Iterator[str]) -> float:
    word = next(words, None)
    return 0.0 if word is None else _item(word, words)
