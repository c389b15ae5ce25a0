"""Zeros of a function that is enclosed at single numbers only: changes of sign between rationals, narrowed down."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction

import flint

from actgen.analysis.numbers import dyadic
from actgen.analysis.quantity import exact_ball
from actgen.analysis.undecided import UndecidedError

_CELLS = 24
_STEPS = 40
_WIDTH = Fraction(1, 10**32)

Enclosed = Callable[[Fraction], flint.arb]


def crossings(function: Enclosed, low: Fraction, high: Fraction) -> tuple[flint.arb, ...]:
    """Balls narrower than 1e-31 at whose ends a function has different signs, both proved.

    A continuous function has a zero in each. Others, such as two that are close together, may be missed.

    Args:
        function: its enclosure at a rational; an `UndecidedError` leaves the number out.
        low: where to begin.
        high: where to end.
    """
    places = [low + (high - low) * k / _CELLS for k in range(_CELLS + 1)]
    signs = [(place, _sign(function, place)) for place in places]
    known = [(place, sign) for place, sign in signs if sign]
    found = [_narrowed(function, a, b, sign) for (a, sign), (b, other) in itertools.pairwise(known) if sign != other]
    return tuple(ball for ball in found if ball is not None)


def _value(function: Enclosed, place: Fraction) -> flint.arb:
    try:
        return function(place)
    except UndecidedError:
        return flint.arb.nan()


def _sign(function: Enclosed, place: Fraction) -> int:
    """The sign at a number; 0 if it is not known."""
    value = _value(function, place)
    return 1 if value > 0 else -1 if value < 0 else 0


def _narrowed(function: Enclosed, low: Fraction, high: Fraction, sign: int) -> flint.arb | None:
    """Secants, with a bisection after each, until the signs of both neighbours of a point are known."""
    for _ in range(_STEPS):
        for place in (_secant(function, low, high), (low + high) / 2):
            near = max(low, place - _WIDTH), min(high, place + _WIDTH)
            signs = [_sign(function, n) for n in near]
            if signs == [sign, -sign]:
                return exact_ball(near[0]).union(exact_ball(near[1]))
            if signs[0] == -sign:
                high = near[0]
            elif signs[1] == sign:
                low = near[1]
            else:
                return None
    return None


def _secant(function: Enclosed, low: Fraction, high: Fraction) -> Fraction:
    """Where the chord meets 0, rounded to what balls hold."""
    a, b = (_value(function, place) for place in (low, high))
    meeting = (exact_ball(low) * b - exact_ball(high) * a) / (b - a)
    place = dyadic(meeting) if meeting.is_finite() else (low + high) / 2
    return place if low < place < high else (low + high) / 2
