"""Zeros, fixed points and extrema of a function of one input, with what is said of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import sympy as sp

from actgen.analysis.bounds import Extent
from actgen.analysis.conditions import Formula
from actgen.analysis.curve import Curve
from actgen.analysis.ends import limit
from actgen.analysis.numbers import Number, exactly
from actgen.analysis.parametric import Parametric
from actgen.analysis.quantity import Quantity, unknown
from actgen.analysis.report import Extremum, FixedPoint, Listing
from actgen.analysis.shape import inner_value, slope_at_cut
from actgen.analysis.shown import Writer
from actgen.analysis.signal import stability
from actgen.analysis.signs import Signs
from actgen.analysis.turning import Turn, turns
from actgen.analysis.undecided import UndecidedError

T = TypeVar("T")


def attempt(compute: Callable[[], T]) -> T | str:
    """The result, or the reason why there is none."""
    try:
        return compute()
    except UndecidedError as error:
        return str(error)


class Places:
    """Writes the places of one curve."""

    def __init__(self, curve: Curve, known: Parametric, write: Writer) -> None:
        self.curve, self.known, self.write = curve, known, write

    def _period(self, turn: sp.Expr | None) -> Quantity | None:
        return None if turn is None else self.write.quantity(exactly(turn))

    def zeros(self, curve: Curve, found: Signs) -> Listing[Quantity]:
        """The zeros of a curve with these signs."""
        return Listing(
            tuple(self._zero(curve, z) for z in _zero_places(curve, found)),
            found.gap,
            self._period(found.period),
            found.is_endless,
        )

    def _zero(self, curve: Curve, place: Number) -> Quantity:
        bare = replace(place, symbolic=None)
        for segment in curve.segments:
            if segment.low.order(place) == -1 and place.order(segment.high) == -1:
                return self.write.quantity(bare, self.known.zero(place, segment, segment.general))
        point = next((p for p in curve.points if p.place == place), None)
        return self.write.quantity(bare, None if point is None else self.known.zero_at(point))

    def extrema(self, slopes: Signs, extents: Extent | str) -> Listing[Extremum]:
        """The strict local extrema, given the signs of the slope and the range, or why that is not known."""
        if slopes.gap is not None:
            return Listing((), slopes.gap, is_endless=slopes.is_endless)
        if slopes.period is not None and self.curve.period is None and slopes.has_turns():
            return Listing((), "the slope is periodic, and the function is not", is_endless=True)
        found = attempt(lambda: turns(self.curve, slopes))
        if isinstance(found, str):
            return Listing((), found)
        items = tuple(self._extremum(t, _is_global(t, found, extents)) for t in found)
        return Listing(items, period=self._period(slopes.period))

    def _extremum(self, turn: Turn, is_global: bool | None) -> Extremum:
        kind = "maximum" if turn.kind > 0 else "minimum"
        place, value = self._forms(turn)
        bare = replace(turn.place, symbolic=None)
        return Extremum(kind, self.write.quantity(bare, place), self.write.quantity(turn.value, value), is_global)

    def _forms(self, turn: Turn) -> tuple[Formula | None, Formula | None]:
        for segment in self.curve.segments:
            if segment.low.order(turn.place) == -1 and turn.place.order(segment.high) == -1:
                return self.known.turn(turn, segment)
        point = next((p for p in self.curve.points if p.place == turn.place), None)
        return (None, None) if point is None else self.known.corner(turn, point, self.curve)

    def fixed_points(self, line: Curve | str, found: Signs) -> Listing[FixedPoint]:
        """The zeros of f(x) - x, or why that was not looked at."""
        if isinstance(line, str):
            return Listing((), line)
        places = _zero_places(line, found)
        return Listing(
            tuple(self._fixed_point(line, p) for p in places), found.gap, self._period(found.period), found.is_endless
        )

    def _fixed_point(self, line: Curve, place: Number) -> FixedPoint:
        slope = attempt(lambda: _slope_at(line, place))
        shown = unknown(slope) if isinstance(slope, str) else self.write.quantity(slope)
        return FixedPoint(self._zero(line, place), shown, stability(slope))


def _is_global(turn: Turn, turns: Sequence[Turn], extents: Extent | str) -> bool | None:
    if isinstance(extents, str):
        return None
    bound = extents.high if turn.kind > 0 else extents.low
    order = turn.value.order(bound.number)
    if order is not None:
        return order == 0
    if not (bound.attained and turn.value.ball.overlaps(bound.number.ball)):
        return None
    others = [t for t in turns if t.kind == turn.kind and t.place != turn.place]
    return None if any(t.value.ball.overlaps(turn.value.ball) for t in others) else True


def _slope_at(line: Curve, place: Number) -> Number:
    """The slope of f, given f(x) - x."""
    x = line.variable
    slopes = tuple(replace(s, value=sp.diff(s.value + x, x)) for s in line.segments)
    derivative = Curve(x, slopes, ())
    if any(place in (s.low, s.high) for s in slopes):
        _require_no_jump(line, place)
        return slope_at_cut(derivative, place)
    return inner_value(derivative, place)


def _require_no_jump(line: Curve, place: Number) -> None:
    for s in line.segments:
        for end, side in ((s.low, 1), (s.high, -1)):
            if end == place and limit(s.value, line.variable, place, side).order(exactly(sp.S.Zero)) in (-1, 1):
                raise UndecidedError("the function jumps there")


def _zero_places(curve: Curve, found: Signs) -> list[Number]:
    """Zeros inside of segments, and points that carry the value 0 and do not border on a stretch of zeros."""
    bordering = [e for _, t in found.stretches if t.sign == 0 for e in (t.low, t.high)]
    places = [z for _, z in found.zeros]
    places += [place for place in zero_points(curve) if place not in bordering]
    return sorted(places, key=lambda p: float(p.ball))


def zero_points(curve: Curve) -> tuple[Number, ...]:
    """The places between segments at which the value is 0."""
    valued = ((p.place, p.value) for p in curve.points if p.value is not None)
    return tuple(place for place, value in valued if exactly(value).order(exactly(sp.S.Zero)) == 0)
