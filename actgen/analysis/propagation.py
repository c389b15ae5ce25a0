"""How variances travel through wide, fully connected layers: the variance map, its fixed points, and the edge of chaos.

With weights of variance σ_w²/width and no bias, V(q) = σ_w² E[f(√q z)²] (Poole et al., 2016). Here σ_w² = 1/E[f(z)²], the gain
that makes q = 1 a fixed point. χ = σ_w² E[f'(√q z)²] (Schoenholz et al., 2017) is below 1 in the ordered phase, above 1 in the
chaotic one. By Stein's identity V'(q) = σ_w² E[z f(√q z) f'(√q z)]/√q; at 0, V(q)/q tends to σ_w² times the mean square of the
one-sided slopes if f(0) = 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import flint
import sympy as sp

from actgen.analysis.curve import Curve, Segment
from actgen.analysis.ends import limit
from actgen.analysis.monomials import UndecidedError
from actgen.analysis.moments import scaled
from actgen.analysis.numbers import Number, exactly
from actgen.analysis.quadrature import Part, expectation
from actgen.analysis.quantity import exact_ball

_GRID = tuple(Fraction(2) ** k for k in range(-3, 4))
_STEPS = 14
_CLOSE = Fraction(1, 2**44)


@dataclass(frozen=True, slots=True)
class Edge:
    """σ_w at which a fixed variance has χ = 1, without bias; `variance` is None if that holds at every variance."""

    sigma: Number
    variance: Number | None


def is_homogeneous(curve: Curve) -> bool:
    """Whether f(cx) = c·f(x) for c > 0: straight through 0 on either side."""
    x = curve.variable
    ends = [e for s in curve.segments for e in (s.low, s.high) if not e.is_infinite]
    return all(e.exact == 0 for e in ends) and all(sp.expand(s.value - x * s.value.coeff(x, 1)) == 0 and not s.value.coeff(x, 1).has(x) for s in map(_expanded, curve.segments))


def _expanded(segment: Segment) -> Segment:
    return Segment(segment.low, segment.high, sp.expand(segment.value), segment.general)


def slope_square_at_zero(curve: Curve, derivative: Curve) -> Number | None:
    """The mean of the squares of both slopes at 0, if f(0) = 0 and f is continuous there; else None.

    Raises:
        UndecidedError: if a limit was not found.
    """
    zero = exactly(sp.S.Zero)
    limits = []
    for side in (-1, 1):
        segment, slope = _beside_zero(curve, side), _beside_zero(derivative, side)
        if segment is None or slope is None or limit(segment.value, curve.variable, zero, side).exact != 0:
            return None
        limits.append(limit(slope.value, curve.variable, zero, side))
    if any(number.exact is None or number.is_infinite for number in limits):
        return None
    return exactly(sp.expand(sp.Add(*(n.exact**2 for n in limits)) / 2))


def _beside_zero(curve: Curve, side: int) -> Segment | None:
    zero = flint.arb(0)
    for s in curve.segments:
        inside = s.low.ball < zero and s.high.ball > zero
        if inside or (s.low if side > 0 else s.high).exact == 0:
            return s
    return None


def other_fixed_scales(curve: Sequence[Segment], variable: sp.Symbol, second: Number) -> list[Number]:
    """√q of further fixed points of the variance map, between the ends of a grid, each enclosed where a sign changes."""

    def excess(scale: Fraction) -> flint.arb:
        return _mean_square(curve, variable, scale) / second.ball - exact_ball(scale) ** 2

    def beside_one(scale: Fraction) -> flint.arb:  # the fixed point 1 taken out
        return excess(scale) / (exact_ball(scale) - 1)

    grid = [g for g in _GRID if g != 1]
    return _crossings(beside_one, grid)


def edge(
    curve: Curve, segments: Sequence[Segment], slopes: Sequence[Segment], at_zero: Number | None, slope_moment: Number
) -> Edge | None:
    """σ_w at the edge of chaos without bias; None if none was found.

    E[f(√q z)²] = q·E[f'(√q z)²] says where: σ_w² = 1/E[f'(√q z)²] makes q a fixed point with χ = 1.
    """
    if is_homogeneous(curve):
        return Edge(inverse_root(slope_moment), None)

    def balance(scale: Fraction) -> flint.arb:
        squares = _mean_square(segments, curve.variable, scale)
        return squares - exact_ball(scale) ** 2 * _mean_square(slopes, curve.variable, scale)

    found = _crossings(balance, _GRID)
    if found:
        scale = found[0]
        low, high = (_fraction(end) for end in (scale.ball.lower(), scale.ball.upper()))
        both = [_mean_square(slopes, curve.variable, s) for s in (low, high)]
        middle = both[0].union(both[1])
        return Edge(Number(1 / middle.sqrt()), Number(scale.ball**2))
    if at_zero is not None and at_zero.ball > 0:
        return Edge(inverse_root(at_zero), exactly(sp.S.Zero))
    return None


def inverse_root(number: Number) -> Number:
    """1/√number, of a positive one."""
    exact = None if number.exact is None else sp.sqrtdenest(1 / sp.sqrt(number.exact)) if number.exact.is_Rational else 1 / sp.sqrt(number.exact)
    symbolic = None if number.symbolic is None else 1 / sp.sqrt(number.symbolic)
    return Number(1 / number.ball.sqrt(), exact, symbolic)


def _mean_square(segments: Sequence[Segment], variable: sp.Symbol, scale: Fraction) -> flint.arb:
    exact = sp.Rational(scale.numerator, scale.denominator)
    return expectation([Part(p.low, p.high, p.value**2) for p in scaled(segments, variable, exact)], variable)


def _crossings(function: Callable[[Fraction], flint.arb], grid: Sequence[Fraction]) -> list[Number]:
    """Where a continuous function changes sign between neighbours of a grid."""
    values = [(place, function(place)) for place in grid]
    return [
        _crossing(function, a, b)
        for (a, low), (b, high) in pairwise(values)
        if (low > 0 and high < 0) or (low < 0 and high > 0)
    ]


def _crossing(function: Callable[[Fraction], flint.arb], low: Fraction, high: Fraction) -> Number:
    """One change of sign, by false positions that move both ends: the sign is proved on both sides."""
    first, last = function(low), function(high)
    for _ in range(_STEPS):
        if high - low < _CLOSE:
            break
        guess = low + (high - low) * _fraction(first / (first - last))
        width = (high - low) / 2**6
        for place in (guess - width, guess + width, (low + high) / 2):
            rounded = Fraction(round(place * 2**56), 2**56)
            if not low < rounded < high:
                continue
            value = function(rounded)
            if not (value > 0 or value < 0):
                continue
            if (value > 0) == (first > 0):
                low, first = rounded, value
            else:
                high, last = rounded, value
    return Number(exact_ball(low).union(exact_ball(high)))


def _fraction(ball: flint.arb) -> Fraction:
    mantissa, exponent = ball.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
