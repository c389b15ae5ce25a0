"""Cuts an output into a curve: where conditions change, edges of the domain lie, or an expression is singular."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import flint
import sympy as sp

from actgen.analysis.curve import Curve, Point, Segment
from actgen.analysis.ends import limit
from actgen.analysis.evaluation import tape
from actgen.analysis.isolation import exact_arb, samples
from actgen.analysis.numbers import Number, exactly, vanishes_exactly
from actgen.analysis.periods import period, window
from actgen.analysis.singular import LINE, ordered, poles_of_gamma, singular_at_zeros_of, zeros
from actgen.analysis.truths import holds
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.derivation import ExactPiece, OutputMath

_PIECES = 64


def curve(output: OutputMath, variable: sp.Symbol, nominal: Mapping[sp.Symbol, sp.Expr]) -> Curve:
    """The output as a function of one input.

    Args:
        output: its pieces may hold the input and the parameters, no other input.
        variable: the input.
        nominal: exact values for all the parameters.

    Raises:
        UndecidedError: if the pieces' ends, poles or edges of the domain were not all found.
    """
    if len(output.pieces) > _PIECES:
        raise UndecidedError("there are too many pieces")
    pieces = _Pieces(output.pieces, variable, nominal)
    turn = pieces.period()
    within = LINE if turn is None else window(turn)
    cuts = pieces.with_poles(ordered(pieces.cuts(within)), within)
    segments = []
    for low, high in _between(cuts, within):
        index = pieces.holding(samples(low, high))
        if index is not None:
            segments.append(Segment(low, high, pieces.fixed[index].value, pieces.general[index].value))
    if not segments:
        raise UndecidedError("there is no interval with real values")
    points = [_continued(pieces.point(cut), segments, variable) for cut in cuts]
    return Curve(variable, *_joined(segments, points, variable), turn)


def _between(cuts: Sequence[Number], within: tuple[Number, Number]) -> Iterator[tuple[Number, Number]]:
    return itertools.pairwise([within[0], *cuts, within[1]])


def _continued(point: Point, segments: Sequence[Segment], variable: sp.Symbol) -> Point:
    """Where the pieces give no value, the limit, if all reachable sides have the same finite one."""
    if point.value is not None or point.place.exact is None:
        return point
    sides = [(s, 1) for s in segments if s.low == point.place] + [(s, -1) for s in segments if s.high == point.place]
    try:
        limits = [limit(s.value, variable, point.place, side) for s, side in sides]
    except UndecidedError:
        return point
    agree = all(found.order(limits[0]) == 0 and not found.is_infinite for found in limits)
    return replace(point, value=limits[0].exact) if limits and agree else point


def _joined(
    segments: list[Segment], points: list[Point], variable: sp.Symbol
) -> tuple[tuple[Segment, ...], tuple[Point, ...]]:
    """Without the cuts at which nothing happens: one expression, analytic there, that has the value there."""
    found = [segments[0]]
    removed = set()
    for segment in segments[1:]:
        before = found[-1]
        point = next((p for p in points if p.place == segment.low == before.high), None)
        if point is not None and before.value == segment.value and _passes(point, segment.value, variable):
            found[-1] = replace(before, high=segment.high)
            removed.add(id(point))
        else:
            found.append(segment)
    return tuple(found), tuple(p for p in points if id(p) not in removed)


def _passes(point: Point, value: sp.Expr, variable: sp.Symbol) -> bool:
    if any(tape(q).real(point.place.ball).contains(0) for q in singular_at_zeros_of(value, variable)):
        return False
    place = point.place.exact
    return place is None or (point.value is not None and vanishes_exactly(point.value - value.subs(variable, place)))


@dataclass(frozen=True, slots=True)
class _Fixed:
    """A piece at the nominal parameters."""

    condition: sp.Basic
    value: sp.Expr
    domain: tuple[sp.Expr, ...]


class _Pieces:
    def __init__(self, pieces: Sequence[ExactPiece], variable: sp.Symbol, nominal: Mapping[sp.Symbol, sp.Expr]) -> None:
        kept = [(p, p.condition.xreplace(dict(nominal))) for p in pieces]
        kept = [(p, sp.S.true if p.condition is sp.S.true else c) for p, c in kept if c is not sp.S.false]
        self.variable, self.nominal = variable, nominal
        self.general = [p for p, _ in kept]
        self.fixed = [_Fixed(c, p.value.subs(nominal), tuple(d.subs(nominal) for d in p.domain)) for p, c in kept]

    def period(self) -> sp.Expr | None:
        """After which all pieces and their conditions repeat; None if they are not seen to."""
        parts = [piece.value for piece in self.fixed]
        for piece in self.fixed:
            parts += (c.lhs - c.rhs for c in piece.condition.atoms(sp.core.relational.Relational))
        weights = sp.numbered_symbols("weight", cls=sp.Dummy, real=True)
        together = parts[0] if len(parts) == 1 else sp.Add(*(next(weights) * part for part in parts))
        return period(together, self.variable)

    def cuts(self, within: tuple[Number, Number]) -> list[Number]:
        """Where a condition changes, an edge of the domain lies, or an expression is singular."""
        found: list[Number] = []
        for piece, general in zip(self.fixed, self.general, strict=True):
            for condition in sorted(piece.condition.atoms(sp.core.relational.Relational), key=sp.default_sort_key):
                found += zeros(condition.lhs - condition.rhs, self.variable, within) if self._varies(condition) else []
            found = [self._named(cut, general) for cut in found]
            if isinstance(piece.condition, sp.Eq) and self._varies(piece.condition):
                continue  # a point, which has a value and no neighbourhood
            quantities = (*piece.domain, *singular_at_zeros_of(piece.value, self.variable))
            for quantity in dict.fromkeys(q for q in quantities if q.has(self.variable)):
                if not quantity.is_positive:
                    found += zeros(quantity, self.variable, within)
        return found

    def with_poles(self, cuts: Sequence[Number], within: tuple[Number, Number]) -> list[Number]:
        """The cuts, and between them the poles that no single quantity tells."""
        found = list(cuts)
        for low, high in _between(cuts, within):
            index = self.holding(samples(low, high))
            if index is not None:
                found += poles_of_gamma(self.fixed[index].value, self.variable, low, high)
        return ordered(found)

    def _varies(self, condition: sp.Basic) -> bool:
        return condition.has(self.variable)

    def _named(self, cut: Number, general: ExactPiece) -> Number:
        """The cut with its form in the parameters, if a comparison of the piece is a line that has its zero there."""
        if cut.symbolic is not None or cut.exact is None:
            return cut
        for comparison in sorted(general.condition.atoms(sp.core.relational.Relational), key=sp.default_sort_key):
            line = sp.expand(comparison.lhs - comparison.rhs)
            if line.is_polynomial(self.variable) and sp.degree(line, self.variable) == 1:
                place = sp.expand(-line.subs(self.variable, 0) / sp.diff(line, self.variable))
                if vanishes_exactly(place.subs(self.nominal) - cut.exact):
                    return replace(cut, symbolic=place)
        return cut

    def holding(self, places: Sequence[Fraction]) -> int | None:
        """Which piece holds between two cuts; None if it has no real value there."""
        for place in places:
            exact = sp.Rational(place.numerator, place.denominator)
            index = self._first(exactly(exact))
            piece = self.fixed[index]
            ball = exact_arb(place)
            if any(tape(d).real(ball) < 0 for d in piece.domain) or piece.value.has(sp.nan, sp.zoo):
                return None
            if tape(piece.value).real(ball).is_finite():
                return index
        return None

    def _first(self, place: Number) -> int:
        for index, piece in enumerate(self.fixed):
            if index == len(self.fixed) - 1 or holds(piece.condition, self.variable, place):
                return index
        raise AssertionError("the last piece holds everywhere")

    def point(self, cut: Number) -> Point:
        """A cut with its value."""
        value = self._value_at(cut)
        if value is None:
            return Point(cut, None)
        return Point(cut, value, self.general[self._first(cut)].value.subs(self.variable, cut.form))

    def _value_at(self, cut: Number) -> sp.Expr | None:
        """The value at a cut; None if there is none, or the cut is not known exactly."""
        if cut.exact is None:
            return None
        piece = self.fixed[self._first(cut)]
        for quantity in piece.domain:
            if tape(quantity.subs(self.variable, cut.exact)).real(flint.arb(0)) < 0:
                return None
        value = piece.value.subs(self.variable, cut.exact)
        if value.has(sp.nan, sp.zoo, sp.oo, -sp.oo) or not tape(value).real(flint.arb(0)).is_finite():
            return None
        return value
