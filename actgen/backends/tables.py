"""The coefficients of polynomials, as named tuples that stand above the functions that use them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence

from actgen.backends.dialect import constant_text
from actgen.backends.layout import WIDTH
from actgen.program.program import Node, topological

_TITLE = "# Taylor coefficients, of the lowest power first."


def coefficient_names(roots: Iterable[Node]) -> dict[tuple[Node, ...], str]:
    """A constant's name, as in `_EXPM1_OVER_U`, for each list of coefficients that a polynomial below the roots has."""
    names: dict[tuple[Node, ...], str] = {}
    for current in topological(roots):
        if current.op == "poly" and current.args[1:] not in names:
            wish = name = f"_{current.called.upper()}"
            number = 1
            while name in names.values():
                number += 1
                name = f"{wish}_{number}"
            names[current.args[1:]] = name
    return names


def table_lines(names: Mapping[tuple[Node, ...], str], width: int = WIDTH) -> list[str]:
    """The assignments of the constants, with a title; tuples too long for a line are filled lines, kept so."""
    if not names:
        return []
    tables = [_assigned(name, [constant_text(c) for c in coefficients], width) for coefficients, name in names.items()]
    lines = [line for table in tables for line in table]
    return [_TITLE, *lines] if len(lines) == len(names) else [_TITLE, "# fmt: off", *lines, "# fmt: on"]


def _assigned(name: str, numbers: Sequence[str], width: int) -> list[str]:
    flat = f"{name} = ({', '.join(numbers)})"
    if len(flat) <= width:
        return [flat]
    # Blanks inside of a number stay on its line.
    filled = textwrap.wrap(", ".join(n.replace(" ", "\0") for n in numbers) + ",", width - 4)
    return [f"{name} = (", *(f"    {line}".replace("\0", " ") for line in filled), ")"]
