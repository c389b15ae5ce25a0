"""Plain nodes in balls."""

from __future__ import annotations

import math

import flint
import pytest

from actgen.program.balls import ARB_OPS, evaluate_balls
from actgen.program.build import ONE, add, div, power, where
from actgen.program.program import arg, const, node

X = arg("x")


def value(root, x):
    return evaluate_balls([root], {"x": x}, 128)[0]


def test_the_side_of_a_select_that_is_not_taken_is_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(a: flint.arb) -> flint.arb:
        raise AssertionError("computed")

    monkeypatch.setitem(ARB_OPS, "cosh", forbidden)
    root = where(node("lt", X, const(0)), node("cosh", X), add(X, ONE))
    assert value(root, 2.0) == 3
    with pytest.raises(AssertionError, match="computed"):
        value(root, -2.0)


def test_infinity_is_no_finite_number() -> None:
    root = where(node("eq", X, const(math.inf)), const(7), where(node("lt", X, const(-math.inf)), const(8), X))
    assert value(root, 5.0) == 5


def test_what_a_condition_does_not_decide_has_no_value() -> None:
    third = div(ONE, const(3))
    root = where(node("lt", add(third, add(third, third)), ONE), const(1), const(2))
    assert not value(root, 0.0).is_finite()


def test_a_long_chain_needs_no_recursion() -> None:
    root = X
    for _ in range(5000):
        root = add(power(root, 1), ONE)
    assert value(root, 0.0) == 5000
