"""Quotients of which a summand overflows before they do: taken apart where it helps, the function kept."""

from __future__ import annotations

import numpy as np
import pytest
from spec_units import catalogue, spec, unit

from actgen.program.build import add, div, mul, power, sub, where
from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.overflow import taken_apart, without_early_infinities
from actgen.program.program import Program, arg, const, node
from actgen.program.reaching import reaching
from actgen.program.sampling import samples
from actgen.program.truth import truths

A, X = arg("a"), arg("x")
AX = mul(A, X)
QUOTIENTS = {
    "remainder": (div(sub(node("expm1", X), X), power(X, 2)), X),
    "second remainder": (div(sub(sub(node("expm1", X), X), mul(X, X)), power(X, 3)), X),
    "with a parameter": (div(add(mul(A, node("exp", AX)), X), power(AX, 2)), AX),
    "one term": (div(node("expm1", X), power(X, 2)), X),
}


@pytest.mark.parametrize("name", QUOTIENTS)
def test_taking_apart_keeps_the_function_and_reaches_further(name: str) -> None:
    quotient, u = QUOTIENTS[name]
    apart = taken_apart(quotient, u)
    assert apart is not None
    moderate = {"a": np.ones(6), "x": np.array([-700.0, -0.3, 1.5, 127.0, 129.0, 700.0])}
    np.testing.assert_allclose(evaluate_nodes([apart], moderate)[0], truths([quotient], moderate)[0], rtol=1e-13)
    lost = {"a": np.ones(2), "x": np.array([709.9, 712.0])}
    assert np.all(np.isinf(evaluate_nodes([quotient], lost)[0]))
    np.testing.assert_allclose(evaluate_nodes([apart], lost)[0], truths([quotient], lost)[0], rtol=1e-12)


def test_what_has_no_exponential_above_the_line_stays_whole() -> None:
    assert taken_apart(div(add(X, A), node("exp", X)), X) is None
    assert taken_apart(div(mul(A, node("exp", X)), A), X) is None  # a product: that is another pass


def test_a_slope_that_overflows_before_the_division_is_right() -> None:
    program = unit(spec("expression: (exp(x) - 1 - x - x**2/2)/x**3")).program
    columns = {"x": np.array([708.5, 709.9, 712.0, 725.0])}
    exact = truths(program.roots(), columns)
    for found, truth in zip(evaluate_nodes(program.roots(), columns), exact, strict=True):
        np.testing.assert_allclose(found, truth, rtol=1e-12)


@pytest.mark.parametrize("name", ["softplus", "selu_variation", "silu"])
def test_nothing_is_taken_apart_without_need(name: str) -> None:
    known = catalogue(name)
    assert without_early_infinities(known.program, samples(known.derivation)).roots() == known.program.roots()


def test_a_size_that_is_reached_only_within_a_window_is_found() -> None:
    known = catalogue("softplus")
    clamped = where(node("lt", const(1024), X), const(1), X)
    program = Program(inputs=("x",), parameters=(), forward={"y": clamped}, partials={}, hints={})
    found = reaching(clamped, np.array([720.0]), program, samples(known.derivation))
    np.testing.assert_allclose(np.abs(found["x"]), 720.0, rtol=1e-12)
