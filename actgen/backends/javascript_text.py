"""JavaScript statements laid out as its formatters leave them."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from actgen.backends.dialect import constant_text
from actgen.backends.javascript_dialect import javascript_literal
from actgen.backends.listing import Line
from actgen.program.program import Node

WIDTH = 100


def statements(lines: Iterable[Line]) -> list[str]:
    """Assignments as declarations; a name that is assigned again is a `let`."""
    lines = tuple(lines)
    often, seen = Counter(line.name for line in lines), set[str]()
    found = []
    for line in lines:
        keyword = "" if line.name in seen else "let " if often[line.name] > 1 else "const "
        seen.add(line.name)
        found.append(f"{keyword}{line};")
    return found


def array(opening: str, items: Sequence[str], closing: str) -> list[str]:
    """`opening[item, item]closing` on one line where it fits into a function, else one item a line."""
    flat = f"{opening}[{', '.join(items)}]{closing}"
    if len(flat) <= WIDTH - 4 or not items:
        return [flat]
    return [f"{opening}[", *(f"  {item}," for item in items), f"]{closing}"]


def tables(names: Mapping[tuple[Node, ...], str]) -> list[str]:
    """The coefficients of polynomials as constants, filled lines."""
    found = []
    for coefficients, name in names.items():
        numbers = [constant_text(c, javascript_literal).replace(" ", "\0") for c in coefficients]
        rows = textwrap.wrap(", ".join(numbers) + ",", WIDTH - 4)
        flat = f"const {name} = [{', '.join(numbers)}];"
        lines = [flat] if len(flat) <= WIDTH - 2 else [f"const {name} = [", *(f"  {row}" for row in rows), "];"]
        found += [line.replace("\0", " ") for line in lines]
    return found
