"""Series for large arguments against the functions themselves, at high precision."""

from __future__ import annotations

import pytest
import sympy as sp

from actgen.program.asymptotic_rules import tail
from actgen.program.asymptotics import BIG, LOG, Tail
from actgen.program.series import NoSeriesError
from actgen.symbolic.functions import Sigmoid, Softplus

x, c = sp.Symbol("x", real=True), sp.Symbol("c", real=True)
_PLACE = 60
_TERMS = 24

gelu_like = x * (sp.Rational(1, 2) + sp.atan(x) / sp.pi)
hazard = sp.exp(-(x**2) / 2) / sp.erfc(x / sp.sqrt(2))


def value(found: Tail, place: int) -> sp.Expr:
    total = sum(k * BIG ** -(found.order + i) for i, k in enumerate(found.coefficients))
    written = sp.exp(found.exponent) * total
    return written.subs(LOG, sp.log(BIG)).subs(BIG, place)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    "expression",
    [
        gelu_like,
        sp.diff(gelu_like, x),
        hazard,
        sp.diff(hazard, x),
        (x - sp.sqrt(x**2 + 1)) * (x + 1 + sp.sqrt((x + 1) ** 2 + 1)),
        x * Sigmoid(x),
        Softplus(x) - sp.sqrt(x**2 + 4),
        sp.asinh(x) - sp.log(1 + sp.sqrt(1 + x**2)),
        sp.log(1 + x**2) / x,
        sp.tanh(sp.log(1 + x**2)),
        sp.cosh(x) / sp.sinh(x) * sp.exp(-x) / x,
        sp.log(sp.erfc(x) + x**2),
        sp.cosh(sp.log(1 + x**2)) / x,
    ],
)
def test_the_series_is_the_function(expression: sp.Expr, sign: int) -> None:
    found = sp.N(value(tail(expression, x, sign, _TERMS), _PLACE), 60)
    exact = sp.N(expression.subs(x, sign * _PLACE).rewrite((Sigmoid, Softplus), sp.exp), 60)
    assert abs(found / exact - 1) < 1e-17


def test_what_cancels_leaves_the_next_order() -> None:
    assert tail(sp.diff(gelu_like, x), x, -1, 4).order == 3
    assert tail(hazard, x, 1, 4).exponent == 0


def test_coefficients_may_hold_parameters() -> None:
    found = tail(sp.sqrt((x + c) ** 2 + 1) - x, x, 1, 3)
    assert [sp.expand(k) for k in found.coefficients] == [c, sp.Rational(1, 2), -c / 2]


@pytest.mark.parametrize("expression", [sp.sin(x), x + sp.exp(c * x), sp.sqrt(c * x), sp.exp(sp.sin(x)) / x])
def test_oscillations_and_unknown_signs_have_none(expression: sp.Expr) -> None:
    with pytest.raises(NoSeriesError):
        tail(expression, x, 1, 5)


def test_a_power_is_not_negligible_beside_another() -> None:
    p = sp.Symbol("p", positive=True)
    for sum_of_powers in (1 + x**p, x + sp.sqrt(x), x**p + x ** (2 * p)):
        with pytest.raises(NoSeriesError):
            tail(sum_of_powers, x, 1, 5)
