"""The function near a generic choice of the parameters: which pieces there are, with the parameters still in them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import sympy as sp

from actgen.activation import Parameter
from actgen.analysis.curve import Curve, Segment
from actgen.analysis.cutting import curve
from actgen.analysis.ends import limit
from actgen.analysis.moments import covering
from actgen.analysis.numbers import Number, exactly
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.derivation import OutputMath

_NUDGE = Fraction(1, 97)


def generic(parameter: Parameter) -> sp.Rational:
    """A value beside the nominal one, inside the bounds, at which no accident joins two pieces."""
    low, high = parameter.tried()
    nominal = Fraction(parameter.nominal.value)
    step = min(_NUDGE * max(1, abs(nominal)), Fraction(high) - nominal)
    if step <= 0:
        step = -min(_NUDGE * max(1, abs(nominal)), nominal - Fraction(low))
    chosen = nominal + step * Fraction(17, 19)
    return sp.Rational(chosen.numerator, chosen.denominator)


@dataclass(frozen=True, slots=True)
class Shape:
    """The pieces of one output at a generic choice.

    Attributes:
        output: the exact pieces.
        curve: the segments; `general` holds the unknowns and no other parameters.
        fixed: the exact values of the parameters that are not solved for.
        chosen: the generic values of the unknowns.
    """

    output: OutputMath
    curve: Curve
    fixed: Mapping[sp.Symbol, sp.Expr]
    chosen: Mapping[sp.Symbol, sp.Expr]

    @property
    def x(self) -> sp.Symbol:
        """The input."""
        return self.curve.variable

    @property
    def whole(self) -> tuple[Segment, ...]:
        """The segments, over the whole line.

        Raises:
            UndecidedError: if they do not cover it.
        """
        return covering(self.curve)

    def beside(self, place: sp.Expr) -> tuple[Segment, Segment]:
        """The segments to the left and to the right of a place; the same one twice inside of it.

        Raises:
            UndecidedError: if the place was not found among them.
        """
        number = exactly(place.subs(dict(self.chosen)))
        segments = self.curve.segments if self.curve.period is None else self.whole
        for left, right in itertools.pairwise(segments):
            if left.high.order(number) == 0 and right.low.order(number) == 0:
                return left, right
        for segment in segments:
            if segment.low.order(number) == -1 and segment.high.order(number) == 1:
                return segment, segment
        raise UndecidedError(f"there is no real value on both sides of {place}")

    def depends(self, places: Sequence[Number]) -> bool:
        """Whether a place moves with the unknowns."""
        return any(p.symbolic is not None and p.symbolic.has(*self.chosen) for p in places)

    def own_value(self, place: sp.Expr) -> sp.Expr:
        """What the piece that holds at a place says there."""
        at = {**self.fixed, self.x: place}
        for piece in self.output.pieces:
            holds = piece.condition.subs(at).subs(dict(self.chosen))
            if holds == sp.true:
                return _finite(piece.value.subs(at))
        raise UndecidedError(f"which piece holds at {place} was not decided")

    def breakpoints(self) -> tuple[sp.Expr, ...]:
        """Where segments meet, in the unknowns."""
        found = [p.place.symbolic if p.place.symbolic is not None else p.place.exact for p in self.curve.points]
        if any(place is None for place in found):
            raise UndecidedError("a breakpoint has no exact form")
        return tuple(place for place in found if place is not None)


def shape_of(
    output: OutputMath, x: sp.Symbol, fixed: Mapping[sp.Symbol, sp.Expr], chosen: Mapping[sp.Symbol, sp.Expr]
) -> Shape:
    """The output where the unknowns have chosen values.

    Raises:
        UndecidedError: if the pieces were not all found.
    """
    found = curve(output, x, {**fixed, **chosen})
    segments = tuple(
        replace(s, low=_bound(s.low, fixed), high=_bound(s.high, fixed), general=s.general.subs(dict(fixed)))
        for s in found.segments
    )
    points = tuple(replace(p, place=_bound(p.place, fixed)) for p in found.points)
    return Shape(output, replace(found, segments=segments, points=points), fixed, chosen)


def _bound(place: Number, fixed: Mapping[sp.Symbol, sp.Expr]) -> Number:
    return place if place.symbolic is None else replace(place, symbolic=place.symbolic.subs(dict(fixed)))


def one_sided(value: sp.Expr, x: sp.Symbol, place: sp.Expr, side: int, unknowns: Sequence[sp.Symbol]) -> sp.Expr:
    """The limit of an analytic expression at a place, from the right (1) or the left (-1).

    Raises:
        UndecidedError: if it was not found.
    """
    found = value.subs(x, place)
    if not found.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
        return found
    if place.free_symbols or value.has(*unknowns):
        raise UndecidedError(f"a limit at {place} that depends on the parameters was not found")
    return _finite(limit(value, x, exactly(place), side).exact)


def _finite(value: sp.Expr | None) -> sp.Expr:
    if value is None or value.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
        raise UndecidedError("a limit is not finite, or was not found")
    return value
