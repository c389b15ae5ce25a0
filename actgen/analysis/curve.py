"""A function of one input at given parameters: analytic on open segments, with values at the points between them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from fractions import Fraction

import flint
import sympy as sp

from actgen.analysis.evaluation import tape
from actgen.analysis.isolation import exact_arb
from actgen.analysis.numbers import Number
from actgen.analysis.periods import period, window
from actgen.analysis.singular import LINE, ordered, singular_at_zeros_of, zeros
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.calculus import partial

_OPERATIONS = 2000


@dataclass(frozen=True, slots=True)
class Segment:
    """An open interval where the function is one analytic expression; `general` has the parameters still in it."""

    low: Number
    high: Number
    value: sp.Expr
    general: sp.Expr


@dataclass(frozen=True, slots=True)
class Point:
    """A place between segments, and the value there; None where there is none. `general` has the parameters in it."""

    place: Number
    value: sp.Expr | None
    general: sp.Expr | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """The function, from left to right. Of a periodic one the segments cover one period."""

    variable: sp.Symbol
    segments: tuple[Segment, ...]
    points: tuple[Point, ...]
    period: sp.Expr | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it has a value at every real number."""
        return not self.holes()

    @property
    def is_wave(self) -> bool:
        """Whether it is one periodic expression on the whole line, analytic everywhere."""
        (first, *others) = self.segments
        return self.period is not None and not others and (first.low, first.high) == window(self.period)

    def holes(self) -> tuple[Number, ...]:
        """Ends of segments where it has no value, or beyond which it has none."""
        ends = [e for s in self.segments for e in (s.low, s.high) if not e.is_infinite]
        without = {p.place for p in self.points if p.value is None}
        lonely = [e for e in ends if ends.count(e) == 1] if self.period is None else []
        return tuple(ordered([*without, *lonely]))

    def segment_at(self, place: Fraction) -> Segment | None:
        """The segment that a number lies in; None on a cut, or where there is no value."""
        ball = exact_arb(place)
        return next((s for s in self.segments if s.low.ball < ball and s.high.ball > ball), None)

    def at(self, place: Fraction) -> flint.arb | None:
        """The value at a number; None on a cut, or where there is none."""
        segment = self.segment_at(place)
        return None if segment is None else tape(segment.value).real(exact_arb(place))

    def derivative(self) -> Curve:
        """The derivative on the segments; it has no values at the points between them.

        Raises:
            UndecidedError: if the formula becomes too long.
        """
        segments = tuple(
            replace(s, value=partial(s.value, self.variable), general=partial(s.general, self.variable))
            for s in self.segments
        )
        if any(sp.count_ops(s.value) > _OPERATIONS for s in segments):
            raise UndecidedError("the formula of a derivative is too long")
        if len(segments) == 1 and self.period is None and (turn := period(segments[0].value, self.variable)):
            return _over_a_period(segments[0], self.variable, turn)
        return replace(self, segments=segments, points=tuple(Point(p.place, None) for p in self.points))

    def minus_line(self) -> Curve:
        """f(x) - x.

        Raises:
            UndecidedError: if the function is periodic and has pieces or poles.
        """
        whole = self.segments
        if self.period is not None:
            if not self.is_wave:
                raise UndecidedError("a periodic function in pieces, or with poles: places without end")
            whole = tuple(replace(s, low=LINE[0], high=LINE[1]) for s in whole)
        segments = tuple(replace(s, value=s.value - self.variable, general=s.general - self.variable) for s in whole)
        if len(segments) == 1 and (turn := period(segments[0].value, self.variable)):
            return _over_a_period(segments[0], self.variable, turn)
        points = tuple(
            Point(
                p.place,
                None if p.value is None or p.place.exact is None else p.value - p.place.exact,
                None if p.general is None else p.general - p.place.form,
            )
            for p in self.points
        )
        return Curve(self.variable, segments, points)


def _over_a_period(segment: Segment, variable: sp.Symbol, turn: sp.Expr) -> Curve:
    within = window(turn)
    cuts = [c for q in singular_at_zeros_of(segment.value, variable) for c in zeros(q, variable, within)]
    edges = [within[0], *ordered(cuts), within[1]]
    segments = tuple(replace(segment, low=a, high=b) for a, b in itertools.pairwise(edges))
    return Curve(variable, segments, tuple(Point(cut, None) for cut in edges[1:-1]), turn)
