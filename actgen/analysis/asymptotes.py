"""Limits at ±∞, lines that the function approaches there, and poles."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from actgen.analysis.curve import Curve, Segment
from actgen.analysis.ends import limit, series
from actgen.analysis.numbers import Number, exactly
from actgen.analysis.parametric import Parametric
from actgen.analysis.quantity import unknown
from actgen.analysis.report import End, Listing, Pole
from actgen.analysis.shown import Writer
from actgen.analysis.undecided import UndecidedError


def ends(curve: Curve, known: Parametric, write: Writer) -> tuple[End, ...]:
    """The behaviour at -∞ and ∞, as far as the function has values there."""
    if curve.period is not None:
        return tuple(_oscillating(side, curve) for side in ("-∞", "∞"))
    found = []
    for side, segment in (("-∞", curve.segments[0]), ("∞", curve.segments[-1])):
        place = segment.low if side == "-∞" else segment.high
        if place.is_infinite:
            found.append(_end(side, place, segment, known, write))
    return tuple(found)


def _oscillating(side: str, curve: Curve) -> End:
    reason = unknown("no limit: the function is periodic")
    return End(side, reason, reason, None, None, saturates=False)


def _end(side: str, place: Number, segment: Segment, known: Parametric, write: Writer) -> End:
    x = known.variable
    steep = replace(segment, value=sp.diff(segment.value, x), general=sp.diff(segment.general, x))
    value = _limit(segment.value, x, place)
    slope = _limit(steep.value, x, place)
    line = _line(segment.value, x, place, slope)
    saturates = not isinstance(value, str) and not value.is_infinite and not isinstance(slope, str) and slope.exact == 0
    shown_slope = (
        unknown(slope) if isinstance(slope, str) else write.quantity(slope, known.limit(slope, steep, place, 0))
    )
    return End(
        side,
        unknown(value) if isinstance(value, str) else write.quantity(value, known.limit(value, segment, place, 0)),
        shown_slope,
        None if line is None else shown_slope,
        None if line is None else write.quantity(line[1], known.intercept(line[1], line[0], segment, place)),
        saturates,
    )


def _limit(value: sp.Expr, x: sp.Symbol, place: Number) -> Number | str:
    try:
        return limit(value, x, place, 0)
    except UndecidedError as error:
        return str(error)


def _line(value: sp.Expr, x: sp.Symbol, place: Number, slope: Number | str) -> tuple[Number, Number] | None:
    """Slope and intercept of the asymptote; horizontal if the slope is 0."""
    if isinstance(slope, str) or slope.is_infinite or slope.exact is None:
        return None
    try:
        intercept = exactly(series(value - slope.exact * x, x, place, 0).limit())
    except UndecidedError:
        return None
    return None if intercept.is_infinite else (slope, intercept)


def poles(curve: Curve, write: Writer) -> Listing[Pole]:
    """Places beside which the function is unbounded."""
    found: list[Pole] = []
    gap = None
    for place in _places(curve):
        limits: dict[int, Number] = {}
        for segment in curve.segments:
            for end, side in ((segment.low, 1), (segment.high, -1)):
                if end == place:
                    try:
                        limits[side] = limit(segment.value, curve.variable, place, side)
                    except UndecidedError as error:
                        gap = str(error)
        if any(number.is_infinite for number in limits.values()):
            below, above = (write.quantity(limits[side]) if side in limits else None for side in (-1, 1))
            found.append(Pole(write.quantity(place), below, above))
    turn = None if curve.period is None or not found else write.quantity(exactly(curve.period))
    return Listing(tuple(found), gap, turn)


def _places(curve: Curve) -> list[Number]:
    return [p.place for p in curve.points]
