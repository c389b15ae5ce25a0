"""Boxes of intervals: intersection, union, and what a comparison turns into."""

from __future__ import annotations

import operator
from fractions import Fraction

import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from actgen.symbolic.regions import Interval, Region, compare_regions

x, a = sp.Symbol("x", real=True), sp.Symbol("a", real=True)
OPS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
numbers = st.fractions(min_value=-5, max_value=5, max_denominator=6)


def holds(regions: list[Region], at: Fraction, other: Fraction) -> bool:
    values = {x: sp.Rational(at.numerator, at.denominator), a: sp.Rational(other.numerator, other.denominator)}
    return any(bool(region.condition().subs(values)) for region in regions)


@given(st.sampled_from(sorted(OPS)), numbers, numbers, numbers, numbers)
def test_a_comparison_splits_the_plane(
    op: str, slope: Fraction, shift: Fraction, at: Fraction, other: Fraction
) -> None:
    left = sp.Rational(slope.numerator, slope.denominator) * x + sp.Rational(shift.numerator, shift.denominator)
    yes, no = compare_regions(op, left, a, frozenset({x}))
    truth = OPS[op](slope * at + shift, other)
    assert holds(yes, at, other) is truth
    assert holds(no, at, other) is not truth


@given(numbers, numbers, numbers, numbers, numbers, st.booleans(), st.booleans())
def test_intersection_is_both(
    low: Fraction, high: Fraction, low2: Fraction, high2: Fraction, at: Fraction, closed: bool, closed2: bool
) -> None:
    def interval(p: Fraction, q: Fraction, c: bool) -> Interval | None:
        if p > q or (p == q and not c):
            return None
        return Interval(sp.Rational(p.numerator, p.denominator), sp.Rational(q.numerator, q.denominator), c, c)

    first, second = interval(low, high, closed), interval(low2, high2, closed2)
    if first is None or second is None:
        return
    both = first.intersect(second)
    inside = all(bool(i.condition(x).subs(x, sp.Rational(at.numerator, at.denominator))) for i in (first, second))
    found = both is not None and bool(both.condition(x).subs(x, sp.Rational(at.numerator, at.denominator)))
    assert found is inside


def test_keys_lead_with_the_input() -> None:
    (region,), _ = compare_regions(">", a, x, frozenset({x}))
    assert str(region.condition()) == "x < a"


def test_what_shares_a_fraction_line_is_compared_there() -> None:
    """At x = r the quotient is 1, and so it is when it is rounded; a difference of quotients may not be."""
    low, high = sp.symbols("l r", real=True)
    (below,), (above,) = compare_regions("<", (x - low) / (high - low), sp.Integer(1), frozenset({x}))
    assert below.condition() == sp.Gt((high - x) / (high - low), 0)
    assert above.condition() == sp.Le((high - x) / (high - low), 0)
    (scaled,), _ = compare_regions(">", (x - a) / low, sp.Integer(0), frozenset({x}))
    assert scaled.condition() == sp.Lt((a - x) / low, 0)
    (apart,), _ = compare_regions(">", x / low - a / high, sp.Integer(0), frozenset({x}))
    assert {apart.condition().lhs, apart.condition().rhs} == {x / low, a / high}
