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
_SMALL = flint.arb(2) ** -20
_WIDTHS = tuple(Fraction(1, 10**digits) for digits in (32, 24, 16, 13))

Enclosed = Callable[[Fraction], flint.arb]


def crossings(function: Enclosed, low: Fraction, high: Fraction) -> tuple[flint.arb, ...]:
    """Balls at whose ends a function has different signs, both proved: narrower than 1e-31, or 1e-12 if it is blurred.

    A continuous function has a zero in each; a pole or a jump is told apart by the values at the ends, which do not
    shrink. Other zeros, such as two that are close together, may be missed.

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
    scale = abs(_value(function, low)).max(abs(_value(function, high)))
    for _ in range(_STEPS):
        for place in (_secant(function, low, high), (low + high) / 2):
            beside = _beside(function, place, low, high)
            if beside is None:
                return None
            (left, before), (right, after) = beside
            if before == sign and after == -sign:
                return exact_ball(left).union(exact_ball(right)) if _meets(function, left, right, scale) else None
            if before == -sign:
                high = left
            else:
                low = right
    return None


def _beside(
    function: Enclosed, place: Fraction, low: Fraction, high: Fraction
) -> tuple[tuple[Fraction, int], tuple[Fraction, int]] | None:
    """The nearest neighbours of a place with known signs, and the signs."""
    for width in _WIDTHS:
        left, right = max(low, place - width), min(high, place + width)
        before, after = _sign(function, left), _sign(function, right)
        if before and after:
            return (left, before), (right, after)
    return None


def _meets(function: Enclosed, left: Fraction, right: Fraction, scale: flint.arb) -> bool:
    """Whether a function is as small at both ends of a narrow interval as a continuous one would be."""
    return all(bool(abs(_value(function, place)) < scale * _SMALL) for place in (left, right))


def _secant(function: Enclosed, low: Fraction, high: Fraction) -> Fraction:
    """Where the chord meets 0, rounded to what balls hold."""
    a, b = (_value(function, place) for place in (low, high))
    meeting = (exact_ball(low) * b - exact_ball(high) * a) / (b - a)
    place = dyadic(meeting) if meeting.is_finite() else (low + high) / 2
    return place if low < place < high else (low + high) / 2
