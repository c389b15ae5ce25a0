"""Limits at ±∞, lines that the function approaches there, and poles."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from actgen.analysis.curve import Curve, Segment
from actgen.analysis.ends import limit, series
from actgen.analysis.extent import accumulation, extent
from actgen.analysis.numbers import Number, exactly
from actgen.analysis.parametric import Parametric
from actgen.analysis.quantity import Quantity, none, unknown
from actgen.analysis.report import End, Listing, Pole
from actgen.analysis.shown import Writer
from actgen.analysis.undecided import UndecidedError


def ends(curve: Curve, known: Parametric, write: Writer) -> tuple[End, ...]:
    """The behaviour at -∞ and ∞, as far as the function has values there."""
    if curve.period is not None:
        return tuple(_periodic(side, curve, write) for side in ("-∞", "∞"))
    found = []
    for side, segment in (("-∞", curve.segments[0]), ("∞", curve.segments[-1])):
        place = segment.low if side == "-∞" else segment.high
        if place.is_infinite:
            found.append(_end(side, place, segment, known, write))
    return tuple(found)


def _periodic(side: str, curve: Curve, write: Writer) -> End:
    reason = none("the function is periodic")
    try:
        found = extent(curve)
    except UndecidedError:
        return End(side, reason, reason, None, None, saturates=False)
    low, high = (write.quantity(bound.number) for bound in (found.low, found.high))
    return End(side, reason, reason, None, None, saturates=False, lowest=low, highest=high)


def _end(side: str, place: Number, segment: Segment, known: Parametric, write: Writer) -> End:
    x = known.variable
    steep = replace(segment, value=sp.diff(segment.value, x), general=sp.diff(segment.general, x))
    values, slopes = (_accumulation(f, x, place) for f in (segment.value, steep.value))
    line = _line(segment.value, x, place, slopes[0]) if isinstance(slopes, tuple) and len(slopes) == 1 else None
    is_level = isinstance(slopes, tuple) and [n.exact for n in slopes] == [0]
    saturates = is_level and isinstance(values, tuple) and len(values) == 1 and not values[0].is_infinite
    value, slope = _limit(values, segment, place, known, write), _limit(slopes, steep, place, known, write)
    lowest = highest = None
    if isinstance(values, tuple) and len(values) == 2:
        lowest, highest = (write.quantity(number) for number in values)
    return End(
        side,
        value,
        slope,
        None if line is None else slope,
        None if line is None else write.quantity(line[1], known.intercept(line[1], line[0], segment, place)),
        saturates,
        lowest,
        highest,
    )


def _accumulation(value: sp.Expr, x: sp.Symbol, place: Number) -> tuple[Number, ...] | str:
    try:
        return accumulation(value, x, place, 0)
    except UndecidedError as error:
        return str(error)


def _limit(
    found: tuple[Number, ...] | str, segment: Segment, place: Number, known: Parametric, write: Writer
) -> Quantity:
    if isinstance(found, str):
        return unknown(found)
    if len(found) == 2:
        return none("it oscillates without end")
    return write.quantity(found[0], known.limit(found[0], segment, place, 0))


def _line(value: sp.Expr, x: sp.Symbol, place: Number, slope: Number) -> tuple[Number, Number] | None:
    """Slope and intercept of the asymptote; horizontal if the slope is 0."""
    if slope.is_infinite or slope.exact is None:
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
