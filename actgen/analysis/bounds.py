"""Ends of ranges: candidates, and the outermost of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import flint
import sympy as sp

from actgen.analysis.evaluation import tape
from actgen.analysis.numbers import Number, exactly


@dataclass(frozen=True, slots=True)
class Bound:
    """An end of a range; `attained` is None if that was not decided."""

    number: Number
    attained: bool | None


@dataclass(frozen=True, slots=True)
class Extent:
    """The infimum and the supremum."""

    low: Bound
    high: Bound

    def largest(self) -> Number:
        """The supremum of the absolute value."""
        low, high = self.low.number, self.high.number
        below = Number(-low.ball, None if low.exact is None else -low.exact)
        order = below.order(high)
        if order is None:
            return Number(below.ball.union(high.ball))
        return below if order > 0 else high


def value_at(value: sp.Expr, variable: sp.Symbol, place: Number) -> Number:
    """The value of an expression that is analytic at a place."""
    if place.exact is not None:
        return exactly(value.subs(variable, place.exact))
    return Number(tape(value).real(place.ball))


def outermost(candidates: Sequence[Bound], side: int) -> Bound:
    """The candidate furthest to one side; where balls overlap undecided, their hull."""
    best = candidates[0]
    for other in candidates[1:]:
        order = other.number.order(best.number)
        if order is None:
            hull = _hull(other.number.ball, best.number.ball, side)
            attained = True if best.attained and other.attained else None
            best = Bound(Number(hull, None), attained)
        elif order == 0:
            attained = True if best.attained or other.attained else best.attained
            best = Bound(best.number, attained)
        elif order == side:
            best = other
    return best


def _hull(a: flint.arb, b: flint.arb, side: int) -> flint.arb:
    return a.max(b) if side > 0 else a.min(b)
