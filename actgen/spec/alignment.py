"""Where each character of a scalar's value stands in the file, through quotes, escapes and folding."""

from __future__ import annotations

import re
from functools import lru_cache

_BLANKS = " \t\n"
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\n|.)", re.DOTALL)


@lru_cache(maxsize=64)
def align(source: str, start: int, end: int, value: str, style: str) -> tuple[int, ...]:
    """The index in `source` of every character of `value`, or () if they cannot be matched.

    YAML changes only blanks (folding, indentation), doubled single quotes and backslash escapes, so the other
    characters of value and source meet in order.

    Args:
        source: the whole file.
        start: where the scalar begins, quote or block indicator included.
        end: where it ends.
        value: its text as YAML reads it.
        style: `plain`, `'`, `"`, `|` or `>`.
    """
    position = _content_start(source, start, style)
    places: list[int] = []
    for character in value:
        if character in _BLANKS and not (style == '"' and source[position : position + 1] == "\\"):
            places.append(min(position, max(end - 1, start)))
            if source[position : position + 1] in (" ", "\t", "\n"):
                position += 1
            continue
        position = _skip(source, position, end, style)
        if position >= end:
            return ()
        places.append(position)
        position += _width(source, position, style)
    return tuple(places)


def _content_start(source: str, start: int, style: str) -> int:
    if style in "|>":
        return source.find("\n", start) + 1 or len(source)
    return start if style == "plain" else start + 1


def _skip(source: str, position: int, end: int, style: str) -> int:
    """The next character that carries content."""
    while position < end:
        if source[position] in _BLANKS:
            position += 1
        elif style == '"' and source.startswith("\\\n", position):
            position += 2
        else:
            break
    return position


def _width(source: str, position: int, style: str) -> int:
    """How many characters of the source stand for one character of the value."""
    if style == "'" and source.startswith("''", position):
        return 2
    if style == '"' and (escape := _ESCAPE.match(source, position)):
        return len(escape.group())
    return 1
