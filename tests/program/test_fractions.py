"""Straight lines with rational coefficients over one denominator."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from spec_units import catalogue

from actgen.program.build import add, div, mul, neg, sub
from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.fractions import over_one_denominator
from actgen.program.program import Node, Program, arg, const, topological
from actgen.program.truth import truths

X = arg("x")
THIRD = const(sp.Rational(1, 3))
HALF = const(sp.Rational(1, 2))
JOINED = div(add(mul(const(2), X), const(3)), const(6))


def joined(root: Node) -> Node:
    program = Program(inputs=("x",), parameters=(), forward={"y": root}, partials={}, hints={})
    return over_one_denominator(program).forward["y"]


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        (add(div(X, const(3)), HALF), JOINED),
        (add(HALF, mul(THIRD, X)), JOINED),
        (sub(mul(THIRD, X), HALF), div(sub(mul(const(2), X), const(3)), const(6))),
        (sub(HALF, div(X, const(3))), div(add(neg(mul(const(2), X)), const(3)), const(6))),
        (add(div(X, const(6)), HALF), div(add(X, const(3)), const(6))),
    ],
)
def test_lines_are_joined_and_keep_their_values(root: Node, expected: Node) -> None:
    found = joined(root)
    at = {"x": np.array([-7.25, -1.0, 0.3, 40.0])}
    np.testing.assert_allclose(truths([found], at)[0], truths([root], at)[0], rtol=1e-15)
    np.testing.assert_allclose(truths([expected], at)[0], truths([root], at)[0], rtol=1e-15)
    assert found.op == "div"


@pytest.mark.parametrize("root", [add(mul(const(0.25), X), HALF), add(X, THIRD), add(mul(const(0.1), X), const(1e-9))])
def test_dyadic_and_awkward_numbers_stay(root: Node) -> None:
    assert joined(root) is root


def test_the_slope_of_hardswish_is_zero_at_its_zero_even_when_a_multiplication_is_fused() -> None:
    (slope,) = catalogue("hardswish").program.partials.values()
    assert evaluate_nodes([slope], {"x": np.array(-1.5)})[0] == 0
    # what XLA makes of x/3 + 1/2: one rounding for 1/3, none before the sum
    assert Fraction(-1.5) * Fraction(1 / 3) + Fraction(1, 2) != 0
    for node in topological([slope]):
        if node.op in ("add", "sub") and any(a.op == "const" for a in node.args):
            assert not any(a.op == "div" and a.args[1].op == "const" for a in node.args)
