"""Coefficients whose powers of a parameter go into the variable."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from spec_units import catalogue

from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.geometric import geometric
from actgen.program.truth import truths

A, B, D = sp.symbols("a b d", real=True)


@pytest.mark.parametrize(
    ("function", "ratio", "scale", "order"),
    [
        (lambda d: sp.exp(d / A), 1 / A, 1, 0),
        (lambda d: d * sp.exp(A * d), A, 1, 1),
        (lambda d: (sp.exp(A * d) - 1) / A, A, 1, 1),
        (lambda d: B * (1 + A) * sp.cos(A * d), A, B * (1 + A), 0),
        (lambda d: sp.exp(d * A / B**2), A / B**2, 1, 0),
    ],
)
def test_the_sum_is_the_same(function: object, ratio: sp.Expr, scale: sp.Expr, order: int) -> None:
    assert callable(function)
    series = sp.series(function(D), D, 0, 7).removeO()
    found = geometric([sp.expand(series).coeff(D, k) for k in range(7)])
    assert found is not None
    assert (sp.Abs(found.ratio), sp.expand(found.scale - scale), found.order) == (sp.Abs(ratio), 0, order)
    numbers = sp.Add(*(n * (found.ratio * D) ** k for k, n in enumerate(found.numbers)))
    assert sp.expand(found.scale * D**found.order * numbers - series) == 0


@pytest.mark.parametrize("coefficients", [[A, 0, 0], [1, A, A], [1, A + B, A**2 + B**2], [1, sp.exp(A), sp.exp(A)]])
def test_others_are_left(coefficients: list[sp.Expr]) -> None:
    assert geometric([sp.sympify(c) for c in coefficients]) is None


def test_a_narrow_bend_has_its_slope() -> None:
    program = catalogue("celu").program
    root = program.partials["y", "alpha"]
    for alpha in (1e-3, 1e-30, 1e30):
        columns = {"x": -alpha * np.geomspace(1e-8, 30, 40), "alpha": np.full(40, alpha)}
        np.testing.assert_allclose(evaluate_nodes([root], columns)[0], truths([root], columns)[0], rtol=1e-13)
