"""Ratios of functions that vanish: never 0/0, and as exact as their arguments are."""

from __future__ import annotations

import numpy as np
import pytest
from spec_units import spec, unit

from actgen.program.evaluate import evaluate_nodes
from actgen.program.truth import truths

_SIZES = [-1e5, -800.0, -700.0, -400.0, -30.0, -1.0, 0.0, 1e-8, 3.0, 700.0]


@pytest.mark.parametrize(
    "formula",
    [
        "softplus(u)*softplus(v)/(softplus(u) + softplus(v))",
        "softplus(u)/(softplus(u) + softplus(v))",
        "u*softplus(u)/(softplus(u) + softplus(v))",
    ],
)
def test_two_that_vanish_together(formula: str) -> None:
    program = unit(spec(f"inputs: [u, v]\nexpression: {formula}\n")).program
    grid = [column.ravel() for column in np.meshgrid(_SIZES, _SIZES)]
    columns = dict(zip(("u", "v"), grid, strict=True))
    for root in program.roots():
        (found,), (exact,) = evaluate_nodes([root], columns), truths([root], columns)
        assert np.isfinite(found).all()
        close = np.abs(found - exact) <= 1e-12 * np.abs(exact) + 1e-307
        assert (close | np.isnan(exact)).all()


def test_equal_arguments_far_below_the_range_share_equally() -> None:
    program = unit(spec("inputs: [u, v]\nexpression: softplus(u)/(softplus(u) + softplus(v))\n")).program
    at = {"u": np.array([-1e4, -1e200]), "v": np.array([-1e4, -1e200])}
    value, slope, other = (evaluate_nodes([root], at)[0].tolist() for root in program.roots())
    assert (value, slope, other) == ([0.5, 0.5], [0.25, 0.25], [-0.25, -0.25])
