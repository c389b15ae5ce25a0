"""Quotients by powers that overflow before the quotient vanishes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from spec_units import catalogue

from actgen.program.build import add, div, mul, power
from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.powers import without_overflowing_powers
from actgen.program.program import Node, Program, arg, const, node
from actgen.program.sampling import Samples
from actgen.program.truth import truths

X = arg("x")


def mended(root: Node) -> Node:
    program = Program(inputs=("x",), parameters=(), forward={"y": root}, partials={}, hints={})
    return without_overflowing_powers(program, Samples({"x": np.zeros(4)}, 4)).forward["y"]


@pytest.mark.parametrize(
    ("root", "x"),
    [
        (div(const(3), power(add(node("abs", X), const(1)), 2)), -1e157),
        (div(X, power(add(X, const(1)), 3)), 1e140),
        (div(const(4), power(node("cosh", X), 2)), 356.0),
        (div(X, mul(mul(node("abs", X), add(X, const(1))), node("sqrt", add(power(X, 2), const(1))))), 1e120),
    ],
)
def test_one_division_follows_the_other_where_the_power_overflows(root: Node, x: float) -> None:
    at = {"x": np.array([x])}
    (exact,) = truths([root], at)
    assert exact != 0
    assert evaluate_nodes([root], at)[0] == 0
    assert evaluate_nodes([mended(root)], at)[0] == pytest.approx(exact, rel=1e-6, abs=0)
    moderate = {"x": np.array([-2.5, 0.3, 7.0])}
    np.testing.assert_allclose(truths([mended(root)], moderate)[0], truths([root], moderate)[0], rtol=1e-15)


def test_other_quotients_stay() -> None:
    for root in (div(const(1), power(node("tanh", X), 2)), div(X, add(X, const(2)))):
        assert mended(root) is root


def test_the_slope_of_softsign_reaches_the_end_of_the_range() -> None:
    (slope,) = catalogue("softsign").program.partials.values()
    (found,) = evaluate_nodes([slope], {"x": np.array([1e160])})
    assert found == math.ulp(0) * round(1e-320 / math.ulp(0))
