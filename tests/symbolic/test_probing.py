"""What one number says of an expression, and that it says it of hostile ones too."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from actgen.symbolic.calculus import vanishes
from actgen.symbolic.probing import Glance, glance

x, s = sp.symbols("x s", real=True)


def nested(function: type[sp.Function], deep: int, inner: sp.Expr) -> sp.Expr:
    for _ in range(deep):
        inner = function(inner)
    return inner


@pytest.mark.parametrize(
    "value",
    [
        sp.diff(nested(sp.tanh, 40, x), x),
        sp.diff((x + sp.exp(x) + sp.sin(x) + sp.cos(x) + sp.tanh(x) + x**2) ** 64, x),
        sp.diff((1 + x) ** 64 * (2 + x) ** 64 * (3 + s) ** 64, s),
    ],
)
def test_what_has_millions_of_terms_is_looked_at_and_not_expanded(value: sp.Expr) -> None:
    assert glance(value) is Glance.NONZERO
    assert not vanishes(value)


@pytest.mark.parametrize(
    "value", [nested(sp.exp, 7, -x), nested(sp.exp, 90, x), nested(sp.cosh, 12, x), x ** (64**8), (2 + x) ** (64**8)]
)
def test_a_tower_is_out_of_reach_and_no_zero(value: sp.Expr) -> None:
    assert glance(value) is Glance.OUT_OF_REACH
    assert not vanishes(value)


@pytest.mark.parametrize(
    "zero",
    [
        (x + s) ** 2 - x**2 - 2 * x * s - s**2,
        sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1,
        sp.exp(10**4 * x) * sp.exp(-(10**4) * x + s) - sp.exp(s),
        (x + 1) ** 64 - sp.expand((x + 1) ** 64),
        sp.log(x**2) - 2 * sp.log(sp.Abs(x)),
        (x + sp.Float("0.1", 30)) ** 2 - x**2 - 2 * sp.Float("0.1", 30) * x - sp.Float("0.1", 30) ** 2,
    ],
)
def test_what_is_zero_is_never_seen_as_a_number(zero: sp.Expr) -> None:
    assert glance(zero) is Glance.UNSURE


def test_what_cancels_in_large_arguments_stays_unsure() -> None:
    far = sp.Integer(10) ** 70
    assert glance(sp.sin(far * (x + 1)) - sp.sin(far * x + far)) is Glance.UNSURE


def test_a_value_that_is_not_real_or_not_there_says_nothing() -> None:
    assert glance(sp.log(-1 - x**2)) is Glance.UNSURE
    assert glance(1 / (sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1)) is not Glance.NONZERO


_PARTS = st.recursive(
    st.sampled_from([x, s, sp.Integer(2), sp.Rational(-1, 3)]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: p[0] + p[1]),
        st.tuples(inner, inner).map(lambda p: p[0] * p[1]),
        inner.map(sp.sin),
        inner.map(sp.tanh),
        inner.map(lambda u: u**3),
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(_PARTS)
def test_an_expression_less_itself_spelled_otherwise_is_never_nonzero(value: sp.Expr) -> None:
    assert glance(sp.Add(sp.expand(value), sp.Mul(-1, value, evaluate=False), evaluate=False)) is Glance.UNSURE
