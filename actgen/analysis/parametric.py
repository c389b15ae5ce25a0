"""Quantities of a curve as functions of the parameters, with conditions under which they were proved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import sympy as sp

from actgen.analysis.assuming import Assumptions, assuming
from actgen.analysis.conditions import Formula, texts
from actgen.analysis.curve import Curve, Point, Segment
from actgen.analysis.defined import assume_defined
from actgen.analysis.evaluation import number_ball
from actgen.analysis.extent_in_parameters import candidates, furthest, limit, size
from actgen.analysis.layout import form, layout
from actgen.analysis.monomials import sign
from actgen.analysis.numbers import Number
from actgen.analysis.roots_in_parameters import root
from actgen.analysis.turning import Turn
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
        return self._formula(number, lambda: limit(segment.general, self.variable, form(end), side))

    def intercept(self, number: Number, slope: Number, segment: Segment, end: Number) -> Formula | None:
        """The limit of f(x) - slope·x at ±∞."""

        def compute() -> sp.Expr:
            line = limit(partial(segment.general, self.variable), self.variable, form(end), 0)
            return limit(segment.general - line * self.variable, self.variable, form(end), 0)

        return None if slope.is_infinite else self._formula(number, compute)

    def bound(self, number: Number, curve: Curve, side: int) -> Formula | None:
        """The infimum (side -1) or the supremum (1) of a curve."""
        return self._formula(number, lambda: furthest(candidates(curve, self.nominal), side))

    def largest(self, number: Number, curve: Curve, joined: Sequence[Curve]) -> Formula | None:
        """The supremum of the absolute value of a curve, if some curves are continuous for all parameters."""

        def compute() -> sp.Expr:
            for other in joined:
                self._assume_joined(other)
            return furthest([size(c) for c in candidates(curve, self.nominal)], 1)

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
        """Place and value of an extremum inside of a segment, each None if it is the same for all parameters."""
        x = self.variable

        def place() -> sp.Expr:
            slope = partial(segment.general, x)
            where = self._zero(turn.place, segment, slope)
            sign(partial(slope, x).subs(x, where))
            return where

        value = self._formula(turn.value, lambda: segment.general.subs(x, place()))
        return _varying(self._formula(turn.place, place)), _varying(value)

    def corner(self, turn: Turn, point: Point, curve: Curve) -> tuple[Formula | None, Formula | None]:
        """Place and value of an extremum between two segments, each None if it is the same for all parameters."""

        def place() -> sp.Expr:
            self._assume_joined(replace(curve, points=(point,)))
            for segment, side in _beside(curve, point):
                sign(limit(partial(segment.general, self.variable), self.variable, form(point.place), side))
            return form(point.place)

        def value() -> sp.Expr:
            place()
            if point.general is None:
                raise UndecidedError("a value without a form in the parameters")
            return point.general

        return _varying(self._formula(turn.place, place)), _varying(self._formula(turn.value, value))

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
            limits = [limit(s.general, self.variable, form(point.place), side) for s, side in _beside(curve, point)]
            limits += [] if point.general is None else [point.general]
            if not all(_is_same(limits[0], other) for other in limits[1:]):
                raise UndecidedError("it is continuous at these parameters, and may jump beside them")

    def _zero(self, place: Number, segment: Segment, value: sp.Expr) -> sp.Expr:
        found = root(value, self.variable, place, self.nominal)
        self._assume_inside(found, segment)
        return found

    def _assume_inside(self, place: sp.Expr, segment: Segment) -> None:
        for end, side in ((segment.low, 1), (segment.high, -1)):
            if not end.is_infinite and sign(side * (place - form(end))) <= 0:
                raise UndecidedError("a place outside of its segment")


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
