"""Assembles the shape of one output with one input out of what is proved about its curve."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

import sympy as sp

from actgen.activation import Smoothness
from actgen.analysis.asymptotes import ends, poles
from actgen.analysis.bounds import Extent
from actgen.analysis.curve import Curve
from actgen.analysis.extent import extent
from actgen.analysis.numbers import Number, exactly
from actgen.analysis.parametric import Parametric
from actgen.analysis.periods import further, window
from actgen.analysis.places import Places, attempt, zero_points
from actgen.analysis.quantity import Quantity, none, unknown
from actgen.analysis.report import Listing, Range, Shape, Span, Verdict
from actgen.analysis.shape import around, bending, defined, direction, has_gaps, is_continuous, merged, slopes_meet
from actgen.analysis.shown import Writer
from actgen.analysis.signs import Signs, signs
from actgen.analysis.singular import LINE
from actgen.analysis.symmetry import parity
from actgen.analysis.undecided import UndecidedError

T = TypeVar("T")
_GROWTH = {1: "increasing", -1: "decreasing", 0: "constant"}
_CURVATURE = {1: "convex", -1: "concave", 0: "affine"}
_ENDLESS = "-∞"
_LEVELS = {Smoothness.DISCONTINUOUS: "discontinuous", Smoothness.CINF: "C∞"}


def shape(curve: Curve, smoothness: Smoothness | None, known: Parametric, write: Writer) -> Shape:
    """Everything about the shape; what was not proved says so in its place."""
    return _Shape(curve, known, write).build(smoothness)


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
        places = Places(self.curve, self.known, self.write)
        return Shape(
            domain=self._domain(),
            range=None if isinstance(self.range, str) else self._range(self.range),
            range_gap=self.range if isinstance(self.range, str) else None,
            at_zero=self._at_zero(),
            ends=ends(self.curve, self.known, self.write),
            poles=poles(self.curve, self.write),
            zeros=places.zeros(self.curve, values),
            zero_spans=self._spans(self.curve, values, {0: "zero"}, ends=zero_points(self.curve)),
            extrema=places.extrema(self.slopes, self.range),
            fixed_points=places.fixed_points(line, differences),
            fixed_spans=()
            if isinstance(line, str)
            else self._spans(line, differences, {0: "fixed"}, ends=zero_points(line)),
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
        turn = self.curve.period
        with_value = {p.place for p in self.curve.points if p.value is not None}
        spans = defined(self.curve, with_value)
        if turn is not None and (spans[0][0], spans[-1][1]) == window(turn):
            if len(spans) == 1:
                return Listing((self._span(*LINE, "defined"),))
            spans = [*spans[1:-1], (spans[-1][0], further(spans[0][1], turn))]
            with_value |= {further(place, turn) for place in with_value}
        items = tuple(self._span(a, b, "defined", a in with_value, b in with_value) for a, b in spans)
        return Listing(items, period=self._period(turn))

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
                return none("no value") if point.value is None else self.write.quantity(exactly(point.value))
        for s in self.curve.segments:
            if s.low.ball < 0 and s.high.ball > 0:
                here = exactly(s.value.subs(self.curve.variable, 0))
                return self.write.quantity(here, self.known.at_zero(here, s))
        return none("no value")

    def _spans(
        self,
        curve: Curve,
        found: Signs,
        words: dict[int, str],
        breaks: Iterable[Number] = (),
        ends: Collection[Number] = (),
    ) -> tuple[Span, ...]:
        """The stretches of some signs, cut at `breaks`; closed at `ends`."""
        stretches = merged(curve, found, tuple(breaks))
        if found.period is not None and found.gap is None:
            stretches = around(stretches, found.period)
            ends = [*ends, *(further(end, found.period) for end in ends)]
        named = [s for s in stretches if s.sign in words]
        return tuple(self._span(s.low, s.high, words[s.sign], s.low in ends, s.high in ends) for s in named)

    def _listing(self, spans: tuple[Span, ...], found: Signs) -> Listing[Span]:
        periodic = found.period is not None and bool(spans) and spans[0].low.exact != _ENDLESS
        return Listing(spans, found.gap, self._period(found.period if periodic else None), found.is_endless)

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

    def _lipschitz(self, continuous: bool | str, derivative: Curve | str, order: int) -> Quantity:
        if isinstance(continuous, str):
            return unknown(continuous)
        gaps = has_gaps(self.curve)
        if not (continuous or gaps):
            return self.write.quantity(exactly(sp.S.Infinity))
        if isinstance(derivative, str):
            return unknown(derivative)
        found = attempt(lambda: extent(derivative))
        if isinstance(found, str):
            return unknown(found)
        largest = found.largest()
        if gaps and not largest.is_infinite:
            return unknown("there are gaps in the domain")
        joined = [c for c in (self.curve, self.first)[:order] if not isinstance(c, str)]
        return self.write.quantity(largest, self.known.largest(largest, derivative, joined))


def _smoothness(level: Smoothness | None) -> Verdict:
    if level is None:
        return Verdict(None, "not proved at every breakpoint")
    return Verdict(_LEVELS.get(level, level.value))
