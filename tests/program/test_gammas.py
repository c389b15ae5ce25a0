"""Differences and quotients of gamma functions, and their zeros."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import sympy as sp
from spec_units import spec, unit

from actgen.program.adjoints import adjoints
from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.stabilise import stabilised
from actgen.program.rules.gammas import GammaQuotient, LogGammaDifference, PolygammaDifference
from actgen.program.truth import truths

x = sp.Symbol("x", real=True)
v = 1 + x**2
FAR = np.array([-1e160, -1e5, -700.0, -100.0, -40.0, -3.0, -1e-9, 0.2, 5.0, 65.0, 170.9, 173.0, 800.0, 1e12, 1e100])


@pytest.mark.parametrize(
    "expression",
    [
        "loggamma(1 + softplus(x)) - loggamma(3 + softplus(x))",
        "loggamma(2 + x**2) - loggamma(1 + x**2)",
        "loggamma(1 + softplus(x))",
        "digamma(2 + softplus(x)) - digamma(1 + softplus(x))",
        "gamma(2.5 + x**2)/gamma(1.5 + x**2)",
        "1/gamma(1 + softplus(x))",
        "x/gamma(2 + softplus(x))",
    ],
)
def test_value_and_slope_are_right_far_out(expression: str) -> None:
    program = unit(spec(f"expression: {expression}\n")).program
    for root in program.roots():
        (found,) = evaluate_nodes([root], {"x": FAR})
        (exact,) = truths([root], {"x": FAR})
        with np.errstate(invalid="ignore"):
            close = np.abs(found - exact) <= 1e-12 * np.abs(exact) + 1e-320
        assert (close | (found == exact) | np.isnan(exact)).all(), (found, exact)
        for slope in adjoints(root, {"x": FAR}).values():
            assert np.isfinite(slope[np.abs(FAR) < 1e13]).all()


def test_what_is_between_must_be_an_integer_and_the_argument_positive() -> None:
    assert LogGammaDifference().apply(sp.loggamma(v + sp.Rational(1, 2)) - sp.loggamma(v)) is None
    assert LogGammaDifference().apply(sp.loggamma(x + 1) - sp.loggamma(x)) is None
    assert PolygammaDifference().apply(sp.polygamma(0, v + 1) - sp.polygamma(1, v)) is None
    assert PolygammaDifference().apply(sp.polygamma(1, x + 1) - sp.polygamma(1, x)) == -1 / x**2
    assert GammaQuotient().apply(sp.gamma(x) / sp.gamma(x + 2)) == 1 / (x * (x + 1))
    assert GammaQuotient().apply(sp.gamma(x) * sp.gamma(x + 2)) is None


@pytest.mark.parametrize("one", [1, 2])
def test_the_logarithm_keeps_its_digits_beside_its_zeros(one: int) -> None:
    near = np.array([1e-300, -1e-18, 1e-9, -0.01, 0.1, 0.2, -0.4])
    program = unit(spec(f"expression: loggamma(x + {one})\n")).program
    (found, _) = evaluate_nodes(program.roots(), {"x": near})
    with mpmath.workdps(400):
        exact = [float(mpmath.loggamma(one + mpmath.mpf(v))) for v in near]
    np.testing.assert_allclose(found, exact, rtol=1e-14)


def test_a_difference_is_found_after_its_parts_were_rewritten() -> None:
    assert not stabilised(sp.loggamma(3 + x**2) - sp.loggamma(1 + x**2)).has(sp.loggamma)
