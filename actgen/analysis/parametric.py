"""Quantities of a curve as functions of the parameters, with conditions under which they were proved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

import sympy as sp

from actgen.analysis.assuming import Assumptions, assuming
from actgen.analysis.conditions import Formula, signed, texts
from actgen.analysis.curve import Curve, Point, Segment
from actgen.analysis.defined import assume_defined
from actgen.analysis.evaluation import number_ball
from actgen.analysis.expansion import End, expanded
from actgen.analysis.isolation import STARTS
from actgen.analysis.layout import form, layout
from actgen.analysis.monomials import sign
from actgen.analysis.numbers import Number
from actgen.analysis.roots_in_parameters import root
from actgen.analysis.scaling import scaled, zeros
from actgen.analysis.series import Series
from actgen.analysis.shape import Turn
from actgen.analysis.singular import LINE
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.calculus import partial
from actgen.symbolic.derivation import ExactPiece

_OPERATIONS = 120


class Parametric:
    """Forms in the parameters of what is known of a curve at the nominal ones.

    Each method takes the number that is known, and returns None where no form was proved.
    """

    def __init__(self, curve: Curve, pieces: Sequence[ExactPiece], nominal: Mapping[sp.Symbol, sp.Expr]) -> None:
        self.variable, self.nominal = curve.variable, nominal
        self._layout: dict[sp.Expr, int] | None = None
        if any(set(nominal) & _symbols(p) for p in pieces):
            try:
                self._layout = layout(curve, pieces, nominal)
            except UndecidedError:
                self._layout = None

    def conditions(self) -> tuple[str, ...] | None:
        """When the pieces are the same in the same order; None if that is not known."""
        return None if self._layout is None else texts(self._layout, self.nominal)

    def limit(self, number: Number, segment: Segment, end: Number, side: int) -> Formula | None:
        """The limit at an end of a segment."""
        return self._formula(number, lambda: self._limit(segment.general, form(end), side))

    def intercept(self, number: Number, slope: Number, segment: Segment, end: Number) -> Formula | None:
        """The limit of f(x) - slope·x at ±∞."""

        def compute() -> sp.Expr:
            line = self._limit(partial(segment.general, self.variable), form(end), 0)
            return self._limit(segment.general - line * self.variable, form(end), 0)

        return None if slope.is_infinite else self._formula(number, compute)

    def bound(self, number: Number, curve: Curve, side: int) -> Formula | None:
        """The infimum (side -1) or the supremum (1) of a curve."""
        return self._formula(number, lambda: _furthest(self._candidates(curve), side))

    def largest(self, number: Number, curve: Curve, joined: Sequence[Curve]) -> Formula | None:
        """The supremum of the absolute value of a curve, if some curves are continuous for all parameters."""

        def compute() -> sp.Expr:
            for other in joined:
                self._assume_joined(other)
            return _furthest([_size(c) for c in self._candidates(curve)], 1)

        return self._formula(number, compute)

    def is_joined(self, curve: Curve) -> bool:
        """Whether a curve is continuous at its cuts for all parameters, not for the nominal ones alone."""
        if self._layout is None:
            return not self.nominal
        try:
            with assuming(Assumptions(self.nominal)):
                self._assume_joined(curve)
        except UndecidedError:
            return False
        return True

    def zero(self, place: Number, segment: Segment, value: sp.Expr) -> Formula | None:
        """A zero of an expression inside of a segment; None if it is the same number for all parameters."""
        return _varying(self._formula(place, lambda: self._zero(place, segment, value)))

    def zero_at(self, point: Point) -> Formula | None:
        """A point that carries the value 0 for all parameters."""
        if point.general is None or sp.expand(point.general) != 0:
            return None
        return _varying(self._formula(point.place, lambda: form(point.place)))

    def turn(self, turn: Turn, segment: Segment) -> tuple[Formula | None, Formula | None]:
        """Place and value of an extremum inside of a segment."""
        x = self.variable

        def place() -> sp.Expr:
            slope = partial(segment.general, x)
            where = self._zero(turn.place, segment, slope)
            sign(partial(slope, x).subs(x, where))
            return where

        found = self._formula(turn.place, place)
        return found, self._formula(turn.value, lambda: segment.general.subs(x, place()))

    def corner(self, turn: Turn, point: Point, curve: Curve) -> tuple[Formula | None, Formula | None]:
        """Place and value of an extremum between two segments."""

        def place() -> sp.Expr:
            self._assume_joined(replace(curve, points=(point,)))
            for segment, side in _beside(curve, point):
                sign(self._limit(partial(segment.general, self.variable), form(point.place), side))
            return form(point.place)

        def value() -> sp.Expr:
            place()
            if point.general is None:
                raise UndecidedError("a value without a form in the parameters")
            return point.general

        return self._formula(turn.place, place), self._formula(turn.value, value)

    def at_zero(self, number: Number, segment: Segment) -> Formula | None:
        """The value at 0, which lies in a segment; None if it is the same number for all parameters."""

        def compute() -> sp.Expr:
            self._assume_inside(sp.S.Zero, segment)
            return segment.general.subs(self.variable, 0)

        return _varying(self._formula(number, compute))

    def _formula(self, number: Number, compute: Callable[[], sp.Expr]) -> Formula | None:
        if self._layout is None:
            return None
        found = Assumptions(self.nominal, dict(self._layout))
        try:
            with assuming(found):
                value = compute()
                assume_defined(value)
            value = _tidied(value)
        except UndecidedError:
            return None
        if not _agrees(value.subs(self.nominal), number):
            return None
        conditions = texts(found.signs, self.nominal)
        return Formula(value, conditions) if value.free_symbols or conditions else None

    def _assume_joined(self, curve: Curve) -> None:
        for point in curve.points:
            limits = [self._limit(s.general, form(point.place), side) for s, side in _beside(curve, point)]
            limits += [] if point.general is None else [point.general]
            if not all(_is_same(limits[0], other) for other in limits[1:]):
                raise UndecidedError("it is continuous at these parameters, and may jump beside them")

    def _limit(self, value: sp.Expr, place: sp.Expr, side: int) -> sp.Expr:
        return value if not value.has(self.variable) else self._series(value, End(place, side)).limit()

    def _series(self, value: sp.Expr, end: End) -> Series:
        for start in STARTS:
            try:
                return expanded(value, self.variable, end, start)
            except UndecidedError as error:
                if str(error) != "too near":
                    raise
        raise UndecidedError("no start was late enough for a series")

    def _zero(self, place: Number, segment: Segment, value: sp.Expr) -> sp.Expr:
        found = root(value, self.variable, place, self.nominal)
        self._assume_inside(found, segment)
        return found

    def _assume_inside(self, place: sp.Expr, segment: Segment) -> None:
        for end, side in ((segment.low, 1), (segment.high, -1)):
            if not end.is_infinite and sign(side * (place - form(end))) <= 0:
                raise UndecidedError("a place outside of its segment")

    def _candidates(self, curve: Curve) -> list[sp.Expr]:
        """One-sided limits, and values where the slope is 0: the ends of the range are among them."""
        if curve.period is not None:
            curve = _over_the_line(curve)
        found = [
            c for segment in curve.segments for c in self._of_segment(segment, is_periodic=curve.period is not None)
        ]
        found += [p.general for p in curve.points if p.general is not None]
        if any(p.value is not None and p.general is None for p in curve.points):
            raise UndecidedError("a value at a point without a form in the parameters")
        return found

    def _of_segment(self, segment: Segment, *, is_periodic: bool) -> list[sp.Expr]:
        low, high = form(segment.low), form(segment.high)
        found = []
        if not is_periodic:
            ends = ((low, 1), (high, -1))
            found = [self._limit(segment.general, end, 0 if end.is_infinite else side) for end, side in ends]
        if not is_periodic and sp.S.Infinity in found and sp.S.NegativeInfinity in found:
            return found
        slope = partial(segment.general, self.variable)
        turns = self._turns(slope, low, high, is_periodic=is_periodic)
        return found + [segment.general.subs(self.variable, z) for z in turns]

    def _turns(self, slope: sp.Expr, low: sp.Expr, high: sp.Expr, *, is_periodic: bool) -> list[sp.Expr]:
        """Where the slope is 0 between two ends: all places, unless it is 0 throughout."""
        if not slope.has(self.variable):
            return []
        shape = scaled(slope, self.variable)
        if shape is not None:
            try:
                return zeros(shape, low, high, is_periodic=is_periodic)
            except UndecidedError:
                pass
        if self._keeps_sign(slope, low, high):
            return []
        raise UndecidedError("a slope whose sign was not proved for all parameters")

    def _keeps_sign(self, slope: sp.Expr, low: sp.Expr, high: sp.Expr) -> bool:
        step = sp.Dummy("s", positive=True)
        inside = low + step if low.is_finite else high - step if high.is_finite else self.variable
        moved = slope.subs(self.variable, inside)
        for value, dummies in ((moved, {}), signed(moved, self.nominal)):
            for candidate in (value, sp.factor(value) if sp.count_ops(value) < _OPERATIONS else value):
                if candidate.is_nonnegative or candidate.is_nonpositive:
                    for symbol in dummies:
                        sign(symbol)
                    return True
        return False


def _varying(formula: Formula | None) -> Formula | None:
    return formula if formula is not None and formula.value.free_symbols else None


def _symbols(piece: ExactPiece) -> set[sp.Basic]:
    return piece.value.free_symbols | piece.condition.free_symbols


def _beside(curve: Curve, point: Point) -> list[tuple[Segment, int]]:
    """The segments that end at a point, and from which side they come to it."""
    return [(s, -1) for s in curve.segments if s.high == point.place] + [
        (s, 1) for s in curve.segments if s.low == point.place
    ]


def _is_same(a: sp.Expr, b: sp.Expr) -> bool:
    return a == b or (a.is_finite is not False and b.is_finite is not False and sp.expand(a - b) == 0)


def _over_the_line(curve: Curve) -> Curve:
    if len(curve.segments) > 1:
        raise UndecidedError("a periodic function with poles")
    return replace(curve, segments=tuple(replace(s, low=LINE[0], high=LINE[1]) for s in curve.segments))


def _size(value: sp.Expr) -> sp.Expr:
    return value if sp.expand(value) == 0 or sign(value) > 0 else -value


def _furthest(candidates: Sequence[sp.Expr], side: int) -> sp.Expr:
    """The greatest (side 1) or least candidate; several where they are the same at the nominal parameters only."""
    if not candidates:
        raise UndecidedError("no candidates")
    best: list[sp.Expr] = []
    for candidate in dict.fromkeys(candidates):
        best = reduce(lambda kept, c: _with(kept, c, side), [candidate], best)
    return best[0] if len(best) == 1 else (sp.Max if side > 0 else sp.Min)(*best)


def _with(kept: list[sp.Expr], new: sp.Expr, side: int) -> list[sp.Expr]:
    orders = [_order(new, old) * side for old in kept]
    if any(order < 0 for order in orders):
        return kept
    if any(sp.expand(new - old) == 0 for old in kept if new.is_finite and old.is_finite) or new in kept:
        return kept
    return [old for old, order in zip(kept, orders, strict=True) if order == 0] + [new]


def _order(a: sp.Expr, b: sp.Expr) -> int:
    """-1, 0 or 1 as a is below, near or above b; what is near may be on either side for other parameters."""
    if a.is_infinite or b.is_infinite:
        return 0 if a == b else 1 if sp.S.Infinity == a or sp.S.NegativeInfinity == b else -1
    try:
        return sign(a - b)
    except UndecidedError:
        return 0


def _tidied(value: sp.Expr) -> sp.Expr:
    if sp.count_ops(value) > _OPERATIONS:
        raise UndecidedError("a form that is too long")
    return min(
        (value, sp.factor_terms(value), sp.expand(value)), key=lambda e: (sp.count_ops(e), sp.default_sort_key(e))
    )


def _agrees(value: sp.Expr, number: Number) -> bool:
    if value.is_infinite or number.is_infinite:
        return value == number.exact
    return number_ball(value).overlaps(number.ball)
