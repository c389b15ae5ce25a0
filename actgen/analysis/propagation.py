"""How variances travel through wide, fully connected layers: the variance map, its fixed points, and the edge of chaos.

With weights of variance σ_w²/width and no bias, V(q) = σ_w² E[f(√q z)²] (Poole et al., 2016). Here σ_w² is
1/E[f(z)²], the square of the gain that makes q = 1 a fixed point. χ = σ_w² E[f'(√q z)²] (Schoenholz et al., 2017) is
below 1 in the ordered phase, above 1 in the chaotic one. V'(q) = σ_w² E[z f(√q z) f'(√q z)]/√q; at 0, V(q)/q tends to
σ_w² times the mean square of the one-sided slopes if f(0) = 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import flint
import sympy as sp

from actgen.analysis.curve import Curve, Segment
from actgen.analysis.ends import limit
from actgen.analysis.estimates import mean_square
from actgen.analysis.moments import scaled
from actgen.analysis.numbers import Number, dyadic, exactly
from actgen.analysis.quadrature import COARSE, Part, expectation
from actgen.analysis.quantity import exact_ball

_GRID = tuple(2.0 ** (k / 2) * 1.01 for k in range(-6, 7))  # not through 1, where a fixed point is known
_STEPS = 40
_CLOSE = 1e-11


@dataclass(frozen=True, slots=True)
class Edge:
    """σ_w at which a fixed variance has χ = 1, without bias; `variance` is None if that holds at every variance."""

    sigma: Number
    variance: Number | None


def is_homogeneous(curve: Curve) -> bool:
    """Whether f(cx) = c·f(x) for c > 0: straight through 0 on either side."""
    x = curve.variable
    ends = [e for s in curve.segments for e in (s.low, s.high) if not e.is_infinite]
    return all(e.form == 0 for e in ends) and all(
        sp.expand(s.value - x * s.value.coeff(x, 1)) == 0 and not s.value.coeff(x, 1).has(x)
        for s in map(_expanded, curve.segments)
    )


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


def other_fixed_scales(segments: Sequence[Segment], variable: sp.Symbol, second: Number) -> list[Number]:
    """√q of further fixed points of the variance map within a grid's reach, each enclosed where a sign changes."""

    def excess(scale: Fraction) -> flint.arb:
        return (_mean_square(segments, variable, scale) / second.ball - exact_ball(scale) ** 2) * _beside_one(scale)

    def about(scale: float) -> float:
        return (mean_square(segments, scale) / float(second.ball) - scale**2) / (scale - 1)

    return proved_crossings(excess, about)


def _beside_one(scale: Fraction) -> int:
    """The sign that takes the fixed point 1 out."""
    return 1 if scale > 1 else -1


def edge(
    curve: Curve,
    segments: Sequence[Segment],
    slopes: Sequence[Segment],
    at_zero: Number | None,
    second: Number,
    slope_moment: Number,
) -> Edge | None:
    """σ_w at the edge of chaos without bias; None if none was found.

    E[f(√q z)²] = q·E[f'(√q z)²] says where: σ_w² = 1/E[f'(√q z)²] makes q a fixed point with χ = 1.
    """
    if is_homogeneous(curve):
        keeps = is_homogeneous(replace(curve, segments=tuple(replace(s, value=s.general) for s in curve.segments)))
        return Edge(inverse_root(slope_moment if keeps else replace(slope_moment, symbolic=None)), None)
    if second.order(slope_moment) == 0:
        return Edge(inverse_root(replace(slope_moment, symbolic=None)), exactly(sp.S.One))

    def balance(scale: Fraction) -> flint.arb:
        squares = _mean_square(segments, curve.variable, scale)
        return squares - exact_ball(scale) ** 2 * _mean_square(slopes, curve.variable, scale)

    def about(scale: float) -> float:
        return mean_square(segments, scale) / scale**2 - mean_square(slopes, scale)

    for scale in proved_crossings(balance, about):
        ends = (dyadic(scale.ball.lower()), dyadic(scale.ball.upper()))
        low, high = (_mean_square(slopes, curve.variable, end) for end in ends)
        return Edge(Number(1 / low.union(high).sqrt()), Number(scale.ball**2))
    if at_zero is not None and at_zero.ball > 0:
        return Edge(inverse_root(at_zero), exactly(sp.S.Zero))
    return None


def inverse_root(number: Number) -> Number:
    """1/√number, of a positive one."""
    exact = (
        None
        if number.exact is None
        else sp.sqrtdenest(1 / sp.sqrt(number.exact))
        if number.exact.is_Rational
        else 1 / sp.sqrt(number.exact)
    )
    symbolic = None if number.symbolic is None else 1 / sp.sqrt(number.symbolic)
    return Number(1 / number.ball.sqrt(), exact, symbolic)


def _mean_square(segments: Sequence[Segment], variable: sp.Symbol, scale: Fraction) -> flint.arb:
    exact = sp.Rational(scale.numerator, scale.denominator)
    return expectation([Part(p.low, p.high, p.value**2) for p in scaled(segments, variable, exact)], variable, COARSE)


def proved_crossings(proof: Callable[[Fraction], flint.arb], about: Callable[[float], float]) -> list[Number]:
    """Where a function changes sign on the grid's stretch, each place enclosed between two signs that are proved.

    Args:
        proof: the function, enclosed.
        about: a function with the same changes of sign, approximately: it says where to look.
    """
    values = [(place, about(place)) for place in _GRID]
    places = (_root(about, a, b) for (a, u), (b, v) in pairwise(values) if u * v < 0)
    return [found for place in places if (found := _proved(proof, place)) is not None]


def _root(about: Callable[[float], float], low: float, high: float) -> float:
    """By regula falsi in the variant of Illinois."""
    first, last = about(low), about(high)
    for _ in range(_STEPS):
        middle = high - last * (high - low) / (last - first)
        value = about(middle)
        if value * last < 0:
            low, first = high, last
        else:
            first /= 2
        high, last = middle, value
        if abs(high - low) < _CLOSE or value == 0:
            break
    return high


def _proved(proof: Callable[[Fraction], flint.arb], place: float) -> Number | None:
    """The smallest of some intervals around a place at whose ends the signs differ for certain."""
    for bits in (24, 18, 12):
        low, high = (Fraction(round(place * (1 + side / 2**bits) * 2**40), 2**40) for side in (-1, 1))
        first, last = proof(low), proof(high)
        if (first > 0 and last < 0) or (first < 0 and last > 0):
            return Number(exact_ball(low).union(exact_ball(high)))
    return None
