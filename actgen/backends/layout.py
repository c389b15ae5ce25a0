"""Python statements and docstring text laid out as `ruff format` leaves them, at the project's line length."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 120


def bracketed(opening: str, items: Sequence[str], closing: str, indent: int = 0, width: int = WIDTH) -> str:
    """`opening item, item closing` on one line where it fits, else one item a line, indented."""
    margin = " " * indent
    flat = f"{margin}{opening}{', '.join(items)}{closing}"
    if len(flat) <= width or not items:
        return flat
    rows = "".join(f"{margin}    {item},\n" for item in items)
    return f"{margin}{opening}\n{rows}{margin}{closing}"


def returned(results: Sequence[str], always_tuple: bool = False, indent: int = 4, width: int = WIDTH) -> str:
    """A `return` of one expression, or of a tuple of them."""
    margin = " " * indent
    if len(results) == 1 and not always_tuple:
        return f"{margin}return {results[0]}"
    flat = f"{margin}return {tuple_text(results)}" if len(results) == 1 else f"{margin}return {', '.join(results)}"
    return flat if len(flat) <= width else bracketed("return (", results, ")", indent, width)


def tuple_text(items: Sequence[str]) -> str:
    """A parenthesised tuple on one line."""
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def wrapped(text: str, indent: int = 0, hanging: int = 0, width: int = WIDTH) -> list[str]:
    """Running text as lines that fit after `indent` blanks; lines after the first hang further in."""
    return textwrap.wrap(
        text,
        width - indent,
        subsequent_indent=" " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def section(title: str, lines: Iterable[str]) -> str:
    """A docstring's section: a title line, then the lines, indented."""
    return "\n".join((title, *(f"    {line}".rstrip() for line in lines)))
