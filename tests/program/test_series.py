"""Power-series arithmetic against SymPy's own series and against derivatives."""

from __future__ import annotations

import pytest
import sympy as sp

from actgen.program.series import NoSeriesError, taylor
from actgen.symbolic.functions import Sigmoid, Softplus

x, a = sp.Symbol("x", real=True), sp.Symbol("a", real=True)


@pytest.mark.parametrize(
    ("expression", "point"),
    [
        (x - sp.tanh(x), 0),
        (sp.exp(sp.sin(x)), 1),
        (sp.log(2 + x) / (1 + x**2), 0),
        (sp.sqrt(1 + x**2) - 1, 0),
        (sp.erf(x) * sp.cosh(x), sp.Rational(1, 2)),
        (sp.atan(x) + sp.asinh(2 * x) + sp.asin(x / 3), 0),
        (sp.tan(x) / sp.cos(x), 0),
        (sp.exp(a * x) / (1 + a * x), 0),
    ],
)
def test_coefficients_are_the_derivatives(expression: sp.Expr, point: sp.Expr) -> None:
    found = taylor(expression, x, sp.sympify(point), 7)
    for order, coefficient in enumerate(found):
        expected = sp.diff(expression, x, order).subs(x, point) / sp.factorial(order)
        difference = (coefficient - expected).subs(a, sp.Rational(3, 7))
        assert abs(sp.N(difference, 40)) < 1e-30


def test_common_zeros_cancel() -> None:
    assert taylor(sp.sin(x) / x, x, sp.Integer(0), 5) == [1, 0, sp.Rational(-1, 6), 0, sp.Rational(1, 120)]
    assert taylor(x / (sp.exp(x) - 1), x, sp.Integer(0), 3) == [1, sp.Rational(-1, 2), sp.Rational(1, 12)]


def test_logistic_functions() -> None:
    assert taylor(Sigmoid(x), x, sp.Integer(0), 4) == [sp.Rational(1, 2), sp.Rational(1, 4), 0, sp.Rational(-1, 48)]
    assert taylor(Softplus(x), x, sp.Integer(0), 3) == [sp.log(2), sp.Rational(1, 2), sp.Rational(1, 8)]


@pytest.mark.parametrize("expression", [1 / x, sp.log(x), sp.sqrt(x), sp.exp(x) / sp.sin(x) ** 2])
def test_poles_and_branch_points_have_none(expression: sp.Expr) -> None:
    with pytest.raises(NoSeriesError):
        taylor(expression, x, sp.Integer(0), 5)
