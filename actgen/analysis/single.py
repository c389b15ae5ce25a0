"""Assembles the shape of one output with one input out of what is proved about its curve."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

import sympy as sp

from actgen.activation import Smoothness
from actgen.analysis.asymptotes import ends, poles
from actgen.analysis.conditions import Formula
from actgen.analysis.curve import Curve, Segment
from actgen.analysis.extent import Extent, extent
from actgen.analysis.isolation import Stretch
from actgen.analysis.numbers import Number, exactly
from actgen.analysis.parametric import Parametric
from actgen.analysis.quantity import Quantity, unknown
from actgen.analysis.report import Extremum, FixedPoint, Listing, Range, Shape, Span, Verdict
from actgen.analysis.shape import (
    Signs,
    Turn,
    bending,
    direction,
    inner_value,
    is_continuous,
    merged,
    signs,
    slope_at_cut,
    slopes_meet,
    turns,
)
from actgen.analysis.shown import Writer
from actgen.analysis.signal import stability
from actgen.analysis.singular import LINE
from actgen.analysis.symmetry import parity
from actgen.analysis.undecided import UndecidedError

T = TypeVar("T")
_GROWTH = {1: "increasing", -1: "decreasing", 0: "constant"}
_CURVATURE = {1: "convex", -1: "concave", 0: "affine"}
_LEVELS = {Smoothness.DISCONTINUOUS: "discontinuous", Smoothness.CINF: "C∞"}


def shape(curve: Curve, smoothness: Smoothness | None, known: Parametric, write: Writer) -> Shape:
    """Everything about the shape; what was not proved says so in its place."""
    return _Shape(curve, known, write).build(smoothness)


def attempt(compute: Callable[[], T]) -> T | str:
    """The result, or the reason why there is none."""
    try:
        return compute()
    except UndecidedError as error:
        return str(error)


class _Shape:
    def __init__(self, curve: Curve, known: Parametric, write: Writer) -> None:
        self.curve, self.known, self.write = curve, known, write
        self.first = attempt(curve.derivative)
        self.second = self.first if isinstance(self.first, str) else attempt(self.first.derivative)
        self.slopes = self._signs(self.first)
        self.bends = self._signs(self.second)
        self.range = attempt(lambda: extent(curve))

    def _signs(self, curve: Curve | str) -> Signs:
        return Signs((), (), curve) if isinstance(curve, str) else signs(curve)

    def build(self, smoothness: Smoothness | None) -> Shape:
        continuous = attempt(lambda: is_continuous(self.curve))
        smooth = isinstance(continuous, bool) and continuous and attempt(self._slopes_meet) is True
        values = signs(self.curve)
        line = attempt(self.curve.minus_line)
        differences = self._signs(line)
        return Shape(
            domain=self._domain(),
            range=None if isinstance(self.range, str) else self._range(self.range),
            range_gap=self.range if isinstance(self.range, str) else None,
            at_zero=self._at_zero(),
            ends=ends(self.curve, self.known, self.write),
            poles=poles(self.curve, self.write),
            zeros=self._zeros(self.curve, values),
            zero_spans=self._spans(self.curve, values, {0: "zero"}),
            extrema=self._extrema(),
            fixed_points=self._fixed_points(line, differences),
            fixed_spans=() if isinstance(line, str) else self._spans(line, differences, {0: "fixed"}),
            monotone=self._word(lambda: direction(self.curve, self.slopes), "neither"),
            growth=self._listing(self._spans(self.curve, self.slopes, _GROWTH, self._jumps()), self.slopes),
            convexity=self._word(self._bending, "neither"),
            curvature=self._listing(self._spans(self.curve, self.bends, _CURVATURE, self._kinks()), self.bends),
            parity=self._word(lambda: parity(self.curve), "neither"),
            period=self._period(self.curve.period),
            smoothness=_smoothness(smoothness),
            lipschitz=self._lipschitz(continuous, self.first, 1),
            slope_lipschitz=self._lipschitz(smooth if isinstance(continuous, bool) else continuous, self.second, 2),
            dead_spans=self._spans(self.curve, self.slopes, {0: "dead"}),
        )

    def _word(self, compute: Callable[[], str | None], otherwise: str) -> Verdict:
        try:
            return Verdict(compute() or otherwise)
        except UndecidedError as error:
            return Verdict(None, str(error))

    def _slopes_meet(self) -> bool:
        if isinstance(self.first, str):
            raise UndecidedError(self.first)
        return slopes_meet(self.curve, self.first)

    def _bending(self) -> str | None:
        if isinstance(self.first, str):
            raise UndecidedError(self.first)
        return bending(self.curve, self.first, self.bends)

    def _domain(self) -> Listing[Span]:
        if self.curve.period is not None and not self.curve.holes():
            return Listing((self._span(exactly(sp.S.NegativeInfinity), exactly(sp.S.Infinity), "defined"),))
        if self.curve.period is not None:
            return Listing((), "a periodic function with poles: one period of it was looked at")
        with_value = {p.place for p in self.curve.points if p.value is not None}
        spans: list[tuple[Number, Number]] = []
        for segment in self.curve.segments:
            if spans and spans[-1][1] == segment.low and segment.low in with_value:
                spans[-1] = (spans[-1][0], segment.high)
            else:
                spans.append((segment.low, segment.high))
        return Listing(tuple(self._span(a, b, "defined", a in with_value, b in with_value) for a, b in spans))

    def _span(self, low: Number, high: Number, what: str, low_closed: bool = False, high_closed: bool = False) -> Span:
        return Span(self.write.quantity(low), self.write.quantity(high), low_closed, high_closed, what)

    def _range(self, found: Extent) -> Range:
        low, high = (
            self.write.quantity(bound.number, self.known.bound(bound.number, self.curve, side))
            for bound, side in ((found.low, -1), (found.high, 1))
        )
        return Range(low, high, found.low.attained, found.high.attained)

    def _at_zero(self) -> Quantity:
        for point in self.curve.points:
            if point.place.exact == 0:
                return unknown("no value") if point.value is None else self.write.quantity(exactly(point.value))
        for s in self.curve.segments:
            if s.low.ball < 0 and s.high.ball > 0:
                here = exactly(s.value.subs(self.curve.variable, 0))
                return self.write.quantity(here, self.known.at_zero(here, s))
        return unknown("no value")

    def _zeros(self, curve: Curve, found: Signs) -> Listing[Quantity]:
        return Listing(
            tuple(self._zero(curve, z) for z in _zero_places(curve, found)), found.gap, self._period(found.period)
        )

    def _zero(self, curve: Curve, place: Number) -> Quantity:
        bare = replace(place, symbolic=None)
        for segment in curve.segments:
            if segment.low.order(place) == -1 and place.order(segment.high) == -1:
                return self.write.quantity(bare, self.known.zero(place, segment, segment.general))
        point = next((p for p in curve.points if p.place == place), None)
        return self.write.quantity(bare, None if point is None else self.known.zero_at(point))

    def _spans(
        self, curve: Curve, found: Signs, words: dict[int, str], breaks: Iterable[Number] = ()
    ) -> tuple[Span, ...]:
        stretches = merged(curve, found, tuple(breaks))
        turn = found.period
        if turn is not None and len({s.sign for s in stretches}) == 1:
            stretches = [Stretch(*LINE, stretches[0].sign)]
        return tuple(self._span(s.low, s.high, words[s.sign]) for s in stretches if s.sign in words)

    def _listing(self, spans: tuple[Span, ...], found: Signs) -> Listing[Span]:
        periodic = found.period is not None and len(spans) > 1
        return Listing(spans, found.gap, self._period(found.period if periodic else None))

    def _period(self, turn: sp.Expr | None) -> Quantity | None:
        return None if turn is None else self.write.quantity(exactly(turn))

    def _jumps(self) -> list[Number]:
        """Cuts where values do not join: monotone stretches end there."""
        return [p.place for p in self.curve.points if not self._joins(p.place)]

    def _joins(self, place: Number) -> bool:
        beside = tuple(s for s in self.curve.segments if place in (s.low, s.high))
        points = tuple(p for p in self.curve.points if p.place == place)
        return len(beside) == 2 and attempt(lambda: is_continuous(Curve(self.curve.variable, beside, points))) is True

    def _kinks(self) -> list[Number]:
        """Cuts where the slope jumps."""
        return [p.place for p in self.curve.points if not self._joins(p.place) or not self._bends_on(p.place)]

    def _bends_on(self, place: Number) -> bool:
        if isinstance(self.first, str):
            return False
        first = self.first
        points = tuple(p for p in first.points if p.place == place)
        return attempt(lambda: slopes_meet(self.curve, Curve(first.variable, first.segments, points))) is True

    def _extrema(self) -> Listing[Extremum]:
        if self.slopes.gap is not None:
            return Listing((), self.slopes.gap)
        if self.slopes.period is not None and self.curve.period is None and self.slopes.has_turns():
            return Listing((), "the slope is periodic, and the function is not: extrema without end")
        found = attempt(lambda: turns(self.curve, self.slopes))
        if isinstance(found, str):
            return Listing((), found)
        return Listing(tuple(self._extremum(t) for t in found), period=self._period(self.slopes.period))

    def _extremum(self, turn: Turn) -> Extremum:
        kind = "maximum" if turn.kind > 0 else "minimum"
        place, value = self._forms(turn)
        bare = replace(turn.place, symbolic=None)
        return Extremum(
            kind, self.write.quantity(bare, place), self.write.quantity(turn.value, value), self._is_global(turn)
        )

    def _forms(self, turn: Turn) -> tuple[Formula | None, Formula | None]:
        for segment in self.curve.segments:
            if segment.low.order(turn.place) == -1 and turn.place.order(segment.high) == -1:
                return self.known.turn(turn, segment)
        point = next((p for p in self.curve.points if p.place == turn.place), None)
        return (None, None) if point is None else self.known.corner(turn, point, self.curve)

    def _is_global(self, turn: Turn) -> bool | None:
        if isinstance(self.range, str):
            return None
        bound = self.range.high if turn.kind > 0 else self.range.low
        order = turn.value.order(bound.number)
        if order is None:
            return True if bound.attained and turn.value.ball.overlaps(bound.number.ball) and self._only(turn) else None
        return order == 0

    def _only(self, turn: Turn) -> bool:
        """Whether no other extremum of the kind has a value that may be as extreme."""
        others = [t for t in turns(self.curve, self.slopes) if t.kind == turn.kind and t.place != turn.place]
        return not any(t.value.ball.overlaps(turn.value.ball) for t in others)

    def _fixed_points(self, line: Curve | str, found: Signs) -> Listing[FixedPoint]:
        if isinstance(line, str):
            return Listing((), line)
        places = _zero_places(line, found)
        return Listing(tuple(self._fixed_point(line, p) for p in places), found.gap, self._period(found.period))

    def _fixed_point(self, line: Curve, place: Number) -> FixedPoint:
        slope = attempt(lambda: self._slope_at(place))
        shown = unknown(slope) if isinstance(slope, str) else self.write.quantity(slope)
        return FixedPoint(self._zero(line, place), shown, stability(slope))

    def _slope_at(self, place: Number) -> Number:
        if isinstance(self.first, str):
            raise UndecidedError(self.first)
        slopes = tuple(
            Segment(s.low, s.high, sp.diff(s.value, self.curve.variable), s.general) for s in self.curve.segments
        )
        derivative = Curve(self.curve.variable, slopes, ())
        if any(place in (s.low, s.high) for s in slopes):
            return slope_at_cut(derivative, place)
        return inner_value(derivative, place)

    def _lipschitz(self, continuous: bool | str, derivative: Curve | str, order: int) -> Quantity:
        if isinstance(continuous, str):
            return unknown(continuous)
        if not continuous:
            return self.write.quantity(exactly(sp.S.Infinity))
        if isinstance(derivative, str):
            return unknown(derivative)
        found = attempt(lambda: extent(derivative))
        if isinstance(found, str):
            return unknown(found)
        largest = found.largest()
        joined = [c for c in (self.curve, self.first)[:order] if not isinstance(c, str)]
        return self.write.quantity(largest, self.known.largest(largest, derivative, joined))


def _zero_places(curve: Curve, found: Signs) -> list[Number]:
    """Zeros inside of segments, and points that carry the value 0 and do not border on a stretch of zeros."""
    bordering = [e for _, t in found.stretches if t.sign == 0 for e in (t.low, t.high)]
    places = [z for _, z in found.zeros]
    places += [
        p.place
        for p in curve.points
        if p.value is not None and exactly(p.value).order(exactly(sp.S.Zero)) == 0 and p.place not in bordering
    ]
    return sorted(places, key=lambda p: float(p.ball))


def _smoothness(level: Smoothness | None) -> Verdict:
    if level is None:
        return Verdict(None, "not proved at every breakpoint")
    return Verdict(_LEVELS.get(level, level.value))
