"""Which 16-bit formats float32 is wide enough for: tried on all of their numbers."""

from __future__ import annotations

import numpy as np
import pytest
from spec_units import catalogue

from actgen.program.build import add, div, mul, power, sub, where
from actgen.program.passes.narrow import fit_for_float32
from actgen.program.program import Node, Program, arg, const, node
from actgen.program.sampling import Samples, samples

X, A = arg("x"), arg("a")
BOTH = ("bfloat16", "float16")


def fitting(root: Node, flushes: bool = False, **parameters: float) -> tuple[str, ...]:
    program = Program(inputs=("x",), parameters=tuple(parameters), forward={"y": root}, partials={}, hints={})
    columns = {n: np.full(4, v) for n, v in {"x": 0.0, **parameters}.items()}
    return fit_for_float32(program, Samples(columns, 4), flushes=flushes)


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        (where(node("lt", X, const(0)), const(0), X), BOTH),
        (node("tanh", X), BOTH),
        (div(power(X, 2), add(power(X, 2), const(1))), ("float16",)),  # x² overflows
        (mul(mul(X, const(2)), const(0.5)), ("float16",)),
        (node("sin", mul(const(0.7), X)), ()),  # an angle of many turns
        (add(const(1), node("sin", X)), ()),  # cancels beside -π/2
    ],
)
def test_what_overflows_or_cancels_in_float32_is_not_computed_in_it(root: Node, expected: tuple[str, ...]) -> None:
    assert fitting(root) == expected


def test_flushed_factors_count_where_they_are_flushed() -> None:
    root = mul(X, node("exp", X))
    assert fitting(root) == BOTH
    assert fitting(root, flushes=True) == ("float16",)


def test_parameters_count() -> None:
    root = mul(div(X, A), A)
    assert fitting(root, a=8.0) == BOTH
    assert fitting(root, a=0.125) == ("float16",)


def test_several_inputs_meet_each_others_extremes() -> None:
    half = node("exp", mul(const(0.5), X))
    columns = {"a": np.zeros(4), "x": np.zeros(4)}
    for root, expected in ((mul(A, node("exp", X)), ("float16",)), (mul(mul(A, half), half), BOTH)):
        program = Program(inputs=("a", "x"), parameters=(), forward={"y": root}, partials={}, hints={})
        assert fit_for_float32(program, Samples(columns, 4), flushes=False) == expected


def test_several_inputs_meet_their_opposites() -> None:
    root = add(mul(A, node("sigmoid", sub(A, X))), mul(X, node("sigmoid", sub(X, A))))
    program = Program(inputs=("a", "x"), parameters=(), forward={"y": root}, partials={}, hints={})
    columns = {"a": np.zeros(4), "x": np.zeros(4)}
    assert "bfloat16" not in fit_for_float32(program, Samples(columns, 4), flushes=False)


@pytest.mark.parametrize(("name", "expected"), [("relu", BOTH), ("selu", BOTH), ("glu", BOTH), ("snake", ())])
def test_activations(name: str, expected: tuple[str, ...]) -> None:
    unit = catalogue(name)
    assert fit_for_float32(unit.program, samples(unit.derivation), flushes=False) == expected


@pytest.mark.parametrize(
    ("root", "special", "expected"),
    [
        (node("tanh", mul(A, power(X, 3))), 0.0, ("float16",)),  # 0·∞
        (node("atanh", mul(A, X)), 0.01, ()),  # a·100 is 1 in float32
        (node("tanh", mul(A, X)), 0.0, BOTH),
    ],
)
def test_special_values_of_parameters_count(root: Node, special: float, expected: tuple[str, ...]) -> None:
    program = Program(inputs=("x",), parameters=("a",), forward={"y": root}, partials={}, hints={})
    points = Samples({"x": np.zeros(4), "a": np.full(4, 0.5)}, 4)
    assert fit_for_float32(program, points, flushes=False) == BOTH
    assert fit_for_float32(program, points, flushes=False, special={"a": [special]}) == expected
