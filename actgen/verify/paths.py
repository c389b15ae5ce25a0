"""Exact points on their way: how coordinates run to infinity together, and how many bits a point asks for."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from actgen.verify.balls import Exact

Pace: TypeAlias = Callable[[Fraction], Fraction]


def mantissa(value: Exact) -> int:
    """How many extra bits an exact coordinate asks for."""
    if isinstance(value, float):
        return 0
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def magnitude(value: Exact) -> int:
    """The binary exponent of a coordinate beyond a float's range, else 0."""
    if isinstance(value, float):
        return 0
    bits = value.numerator.bit_length() - value.denominator.bit_length()
    return bits if bits > 0 else 0


def _straight(t: Fraction) -> Fraction:
    return t


def _square(t: Fraction) -> Fraction:
    return t * t


def _logarithm(t: Fraction) -> Fraction:
    """An eighth of log₂ t: slow enough that t outgrows e to its power."""
    return Fraction(t.numerator.bit_length() - t.denominator.bit_length(), 8) + Fraction(0x5EB85, 2**20)


def paths(count: int) -> list[tuple[Pace, ...]]:
    """How several coordinates go to infinity together: at one pace, and each faster and slower than the rest."""
    straight = (_straight,) * count
    if count == 1:
        return [straight]
    odd = [(i, pace) for i in range(count) for pace in (_square, _logarithm)]
    return [straight, *(tuple(pace if j == i else _straight for j in range(count)) for i, pace in odd)]
