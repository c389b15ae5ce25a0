"""Balls: real numbers as enclosures (python-flint's `arb`), exact conversions, and rounding with a conscience."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import TypeAlias

from flint import arb, arf, ctx, fmpq

Exact: TypeAlias = float | Fraction
"""An exact coordinate: a float at its binary value, or a dyadic fraction beyond a float's range."""

NAN = arb.nan()
ZERO = arb(0)
ONE = arb(1)
POS_INF = arb.pos_inf()
NEG_INF = arb.neg_inf()

_ACCURATE = 75  # relative bits behind a (hi, lo) pair
_VANISHED = arb(2) ** -1080  # well below half of the smallest subnormal
_OVERFLOWED = arb(2) ** 1024


class UndecidedError(Exception):
    """The precision in use does not decide the question."""


class SingularError(Exception):
    """A pole, a 0/0 or a logarithm of zero: only a limit can tell."""


class OutsideError(Exception):
    """The formula has no real value here."""


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Balls are computed with `bits` bits inside."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def from_exact(value: Exact) -> arb:
    """The exact ball of a finite float or a dyadic fraction, whatever the precision in use."""
    if isinstance(value, float):
        return arb(value)
    shift = value.denominator.bit_length() - 1
    return arb(arf((value.numerator, -shift)))


def raised(ball: arb, n: int) -> arb:
    """An integer power, n >= 0, by products: `**` has no value for a ball around 0."""
    result = None
    while n:
        if n & 1:
            result = ball if result is None else result * ball
        n >>= 1
        if n:
            ball = ball * ball
    return arb(1) if result is None else result


def from_rational(value: Fraction) -> arb:
    """The ball of a rational in the precision in use; exact for integers."""
    return arb(fmpq(value.numerator, value.denominator))


def vanished(ball: arb) -> bool:
    """Whether the ball rounds to zero in every floating-point format."""
    return ball < _VANISHED and ball > -_VANISHED


def accurate(ball: arb, final: bool) -> bool:
    """Whether the ball fixes a float64 and the remainder after it.

    A tie between two floats that the last precision (`final`) does not break counts as a tie.
    """
    if ball.rel_accuracy_bits() >= _ACCURATE:
        return final or not _near_tie(ball)
    return vanished(ball) or ball > _OVERFLOWED or ball < -_OVERFLOWED


def _near_tie(ball: arb) -> bool:
    """Whether an inexact ball straddles the middle between two floats."""
    if ball.is_exact():
        return False
    hi = float(ball)
    if not math.isfinite(hi):
        return False
    rest, half = abs(float(ball - hi)), math.ulp(hi) / 2
    if not (abs(rest - half) <= half * 1e-3 or abs(rest - half / 2) <= half * 1e-3):
        return False
    return float(ball.lower()) != float(ball.upper())


def rounded(ball: arb) -> tuple[float, float]:
    """The nearest float64, and the float64 nearest to what is left.

    Overflow gives ±inf with remainder 0; a ball that is not a number gives (nan, nan).
    """
    hi = float(ball)
    if math.isfinite(hi):
        return hi, float(ball - hi)
    return (hi, 0.0) if not math.isnan(hi) else (math.nan, math.nan)
