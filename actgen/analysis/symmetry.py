"""Whether a function is even or odd."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import sympy as sp

from actgen.analysis.curve import Curve
from actgen.analysis.isolation import exact_arb, samples
from actgen.analysis.numbers import Number, dyadic, exactly
from actgen.analysis.periods import window
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.calculus import elementary

_PLACES = tuple(Fraction(n, 17) for n in (3, 11, 23, 40, 61, 97))
_OPERATIONS = 160


def parity(curve: Curve) -> str | None:
    """`even`, `odd`, `zero` for the function 0, or None for neither.

    Values at a few places refute; algebra proves.

    Raises:
        UndecidedError: if neither does.
    """
    possible = {1, -1}
    for place in _PLACES:
        right, left = curve.at(place), curve.at(-place)
        if (right is None) != (left is None):
            return None
        if right is not None and left is not None:
            possible -= {s for s in possible if not right.overlaps(s * left)}
    proved = [s for s in sorted(possible) if _is(curve, s)]
    if len(proved) == 2:
        return "zero"
    return {1: "even", -1: "odd"}[proved[0]] if proved else None


def centre_of_symmetry(curve: Curve) -> sp.Expr | None:
    """f(0), if f(x) - f(0) is odd; None if it is not, or 0 lies on a cut without a value.

    Raises:
        UndecidedError: if that was neither refuted nor proved.
    """
    zero = sp.S.Zero
    values = [p.value for p in curve.points if p.place.exact == zero]
    segment = curve.segment_at(Fraction(0))
    centre = values[0] if values else None if segment is None else segment.value.subs(curve.variable, 0)
    if centre is None:
        return None
    moved = replace(
        curve,
        segments=tuple(replace(s, value=s.value - centre) for s in curve.segments),
        points=tuple(replace(p, value=None if p.value is None else p.value - centre) for p in curve.points),
    )
    return centre if parity(moved) in ("odd", "zero") else None


def _is(curve: Curve, sign: int) -> bool:
    """Whether f(-x) = sign·f(x) on every segment; values at single points follow by their own comparison."""
    x = curve.variable
    if curve.period is not None:
        return _is_around(curve, sign, curve.period)
    mirrored = list(reversed(curve.segments))
    for segment, other in zip(curve.segments, mirrored, strict=True):
        if not (_opposite(segment.low, other.high) and _opposite(segment.high, other.low)):
            return False
        if not _same(segment.value.subs(x, -x), sign * other.value):
            raise UndecidedError("neither refuted nor proved")
    values = [p.value for p in curve.points]
    return all(_values_agree(a, b, sign) for a, b in zip(values, reversed(values), strict=True))


def _is_around(curve: Curve, sign: int, turn: sp.Expr) -> bool:
    """The same of a periodic function: the mirror takes each cut to a cut, up to whole periods, and so the arcs."""
    x = curve.variable
    for point in curve.points:
        opposite = next((p for p in curve.points if _are_opposite(point.place, p.place, turn)), None)
        if opposite is None or not _values_agree(point.value, opposite.value, sign):
            raise UndecidedError("a periodic function in pieces")
    for segment in curve.segments:
        other = curve.segment_at(_within(-samples(segment.low, segment.high)[0], turn))
        if other is None or not _same(segment.value.subs(x, -x), sign * other.value):
            raise UndecidedError("neither refuted nor proved")
    return True


def _are_opposite(a: Number, b: Number, turn: sp.Expr) -> bool:
    return a.exact is not None and b.exact is not None and sp.cancel((a.exact + b.exact) / turn).is_Integer is True


def _within(place: Fraction, turn: sp.Expr) -> Fraction:
    """About the same place a whole number of periods away, in the window."""
    low, high = window(turn)
    length = dyadic(exactly(turn).ball)
    while exact_arb(place) > high.ball:
        place -= length
    while exact_arb(place) < low.ball:
        place += length
    return place


def _values_agree(a: sp.Expr | None, b: sp.Expr | None, sign: int) -> bool:
    return (a is None) == (b is None) and (a is None or b is None or _same(a, sign * b))


def _opposite(a: Number, b: Number) -> bool:
    if a.exact is None or b.exact is None:
        raise UndecidedError("a breakpoint is not known exactly")
    return _same(-a.exact, b.exact) if not (a.is_infinite or b.is_infinite) else -a.exact == b.exact


def _same(a: sp.Expr, b: sp.Expr) -> bool:
    difference = a - b
    if sp.expand(difference) == 0:
        return True
    if sp.count_ops(difference) > _OPERATIONS:
        raise UndecidedError("the formula is too long")
    plain = elementary(difference)
    return sp.factor(sp.expand(plain)) == 0 or sp.simplify(plain) == 0
