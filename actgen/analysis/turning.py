"""Strict local extrema: where the slope changes its sign, at breakpoints, and at ends of the domain."""

from __future__ import annotations

from dataclasses import dataclass

from actgen.analysis.curve import Curve, Point
from actgen.analysis.joining import step
from actgen.analysis.numbers import Number, exactly
from actgen.analysis.shape import Side, inner_value, met, sides
from actgen.analysis.signs import Signs
from actgen.analysis.undecided import UndecidedError


@dataclass(frozen=True, slots=True)
class Turn:
    """A strict local extremum: 1 for a maximum, -1 for a minimum."""

    place: Number
    value: Number
    kind: int


def turns(curve: Curve, slopes: Signs) -> list[Turn]:
    """All strict local extrema, those at ends of the domain too, given the signs of the slope; raises as `sides`."""
    found: list[Turn] = []
    for _, zero in slopes.zeros:
        left = next(t.sign for _, t in slopes.stretches if t.high == zero)
        right = next(t.sign for _, t in slopes.stretches if t.low == zero)
        if left * right < 0:
            found.append(Turn(zero, inner_value(curve, zero), left))
    for point in curve.points:
        if point.value is not None:
            found += _turn_at(curve, slopes, point)
        elif point.place.exact is None:
            found += _turn_without_form(curve, slopes, point)
    return sorted(found, key=lambda t: float(t.place.ball))


def _turn_at(curve: Curve, slopes: Signs, point: Point) -> list[Turn]:
    assert point.value is not None
    value = exactly(point.value)
    left, right = sides(curve, slopes, point)
    above = [_above(value, side, direction) for side, direction in ((left, 1), (right, -1)) if side is not None]
    if len(set(above)) == 1 and above[0] != 0:
        return [Turn(point.place, value, above[0])]
    return []


def _turn_without_form(curve: Curve, slopes: Signs, point: Point) -> list[Turn]:
    left, right = sides(curve, slopes, point)
    if left is None or right is None or not met(step(curve, point.place)):
        raise UndecidedError("a value at a breakpoint without an exact form")
    if left.slope is None or right.slope is None:
        raise UndecidedError("a slope beside a breakpoint was not decided")
    return [Turn(point.place, left.limit, left.slope)] if left.slope * right.slope < 0 else []


def _above(value: Number, side: Side, direction: int) -> int:
    """1 if the value is above what is beside it, -1 if below, 0 if level."""
    order = value.order(side.limit)
    if order is None:
        raise UndecidedError("a value at a breakpoint was not compared")
    if order:
        return order
    if side.slope is None:
        raise UndecidedError("a slope beside a breakpoint was not decided")
    return side.slope * direction
