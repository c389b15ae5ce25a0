"""Cells of parts make the cell of the whole, in any order of the parts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

from actgen.verify.report import Cell, Excused, Level

_ORDER = (Level.GOOD, Level.EDGE, Level.COARSE, Level.WRONG)
_COUNTS = ("points", "nan", "infinite", "finite", "zeroed", "sign")


def merged(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """One cell for each runner, mode and result, in the order in which they come first."""
    found: dict[tuple[str, str, str, str | None], Cell] = {}
    for cell in cells:
        key = (cell.runner, cell.mode, cell.output, cell.wrt)
        found[key] = _both(found[key], cell) if key in found else cell
    return tuple(found.values())


def _both(one: Cell, other: Cell) -> Cell:
    """The figures of both; the place is that of the worst, and of equals the lower one, as in one go."""
    first = max(one, other, key=_rank)
    return replace(
        first,
        worst=max(one.worst, other.worst),
        level=max(one.level, other.level, key=_ORDER.index),
        edge=_worse(one.edge, other.edge),
        excused=_reasons(one.excused, other.excused),
        histogram=tuple(a + b for a, b in zip(one.histogram, other.histogram, strict=True)),
        **{name: getattr(one, name) + getattr(other, name) for name in _COUNTS},
    )


def _rank(cell: Cell) -> tuple[bool, float, float]:
    """Wrong results come first, of these the ones without a distance."""
    wrong = cell.level is Level.WRONG
    endless = wrong and cell.nan + cell.infinite + cell.finite > 0
    return wrong, math.inf if endless else cell.worst, -_place(cell.where)


def _place(where: Mapping[str, float]) -> float:
    """The input, which is named first; NaN comes last."""
    value = next(iter(where.values()))
    return math.inf if math.isnan(value) else value


def _reasons(one: tuple[Excused, ...], other: tuple[Excused, ...]) -> tuple[Excused, ...]:
    found: dict[str, Excused] = {}
    for excused in (*one, *other):
        both = _worse(found.get(excused.reason), excused)
        assert both is not None
        found[excused.reason] = both
    return tuple(found[reason] for reason in sorted(found))


def _worse(one: Excused | None, other: Excused | None) -> Excused | None:
    if one is None or other is None:
        return one or other
    first = max(one, other, key=lambda e: (e.ulps, -_place(e.where)))
    return replace(first, points=one.points + other.points)
