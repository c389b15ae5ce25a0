"""Zeros at which a function does not cross 0, or vanishes to a high order: series on both sides isolate them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import flint
import sympy as sp

from actgen.analysis.expansion import End, expanded
from actgen.analysis.numbers import dyadic, vanishes_exactly
from actgen.analysis.undecided import UndecidedError

_STARTS = tuple(2**k for k in range(3, 17))


def isolated_zero(expression: sp.Expr, variable: sp.Symbol, low: Fraction, high: Fraction) -> sp.Expr | None:
    """The only zero of an expression in a narrow interval; None if that was not proved of any number."""
    ball = _arb(low).union(_arb(high))
    for candidate in _candidates(ball):
        if not vanishes_exactly(expression.subs(variable, candidate)):
            continue
        above, below = (_isolated(expression, variable, candidate, side) for side in (1, -1))
        if above is not None and below is not None and below <= low and high <= above:
            return candidate
    return None


def _arb(number: Fraction) -> flint.arb:
    return flint.arb(flint.fmpq(number.numerator, number.denominator))


def _candidates(ball: flint.arb) -> Iterator[sp.Expr]:
    middle = dyadic(ball)
    for most in (1, 12, 100):
        near = middle.limit_denominator(most)
        if ball.contains(_arb(near)):
            yield sp.Rational(near.numerator, near.denominator)
    turns = dyadic(ball / flint.arb.pi()).limit_denominator(24)
    if (_arb(turns) * flint.arb.pi()).overlaps(ball):
        yield sp.Rational(turns.numerator, turns.denominator) * sp.pi


def _isolated(expression: sp.Expr, variable: sp.Symbol, place: sp.Expr, side: int) -> Fraction | None:
    """Up to where the expression has one sign on a side of the place."""
    for start in _STARTS:
        try:
            expanded(expression, variable, End(place, side), start).sign()
        except UndecidedError:
            continue
        reached = End(place, side).reached(start)
        return dyadic(reached.lower() if side > 0 else reached.upper())
    return None
