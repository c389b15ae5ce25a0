"""Reverse-mode derivatives of a Program's text."""

from __future__ import annotations

import numpy as np
import pytest

from actgen.program.adjoints import LOCAL, adjoints
from actgen.program.build import ONE, add, div, mul, neg, power, where
from actgen.program.evaluate import evaluate_nodes
from actgen.program.forms import broken
from actgen.program.ops import OPS, Kind
from actgen.program.program import Node, arg, const, node, polynomial

X, B = arg("x"), arg("b")
STEP = 1e-6


def test_every_real_op_has_local_derivatives() -> None:
    assert set(LOCAL) == {n for n, op in OPS.items() if op.kind is Kind.REAL} - {"arg", "const", "where"}


def rooted(name: str) -> Node:
    match name:
        case "powi":
            return power(X, 3)
        case "poly":
            return polynomial(X, (0.7, -2, 0, 1.1), "probe")
        case "polygamma":
            return node("polygamma", const(1), X)
    return node(name, *(X, B)[: OPS[name].arity])


@pytest.mark.parametrize("name", sorted(LOCAL))
def test_local_derivatives_agree_with_differences(name: str) -> None:
    x = {"acosh": 1.7, "gamma": 2.3}.get(name, 0.4)
    at = {"x": np.array([x, x + 0.15]), "b": np.array([1.3, 0.7])}
    root = rooted(name)
    found = adjoints(root, at)
    assert found
    for variable, slope in found.items():
        up, down = ({**at, variable: at[variable] + s} for s in (STEP, -STEP))
        difference = (evaluate_nodes([root], up)[0] - evaluate_nodes([root], down)[0]) / (2 * STEP)
        if name == "fill":
            difference = np.ones(2) if variable == "x" else np.zeros(2)
        np.testing.assert_allclose(slope, difference, rtol=1e-6, atol=1e-9)


def test_shared_nodes_collect_what_every_user_sends() -> None:
    square = mul(X, X)
    found = adjoints(add(square, mul(square, B)), {"x": np.array([3.0]), "b": np.array([2.0])})
    assert found["x"] == pytest.approx([18.0])
    assert found["b"] == pytest.approx([9.0])


def test_a_branch_that_is_not_taken_breaks_the_derivative_if_its_own_overflows() -> None:
    at = {"x": np.array([-1.0])}
    root = where(node("lt", X, const(0)), X, node("sqrt", X))
    assert broken(root, at) == 1
    guarded = where(node("lt", X, const(0)), X, node("sqrt", where(node("lt", X, const(0)), ONE, X)))
    assert broken(guarded, at) == 0


def test_the_slope_of_tanh_is_right_and_broken_in_one_form_and_not_in_the_other() -> None:
    at = {"x": np.array([720.0])}
    u = add(node("exp", X), node("exp", neg(X)))
    overflowing = div(div(const(4), u), u)
    s = node("sigmoid", mul(const(2), X))
    logistic = mul(const(4), mul(s, node("sigmoid", neg(mul(const(2), X)))))
    assert evaluate_nodes([overflowing], at)[0] == 0
    assert broken(overflowing, at) == 1
    assert broken(logistic, at) == 0
