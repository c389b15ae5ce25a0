"""Beside a zero that is a fixed number results keep their digits; no other activation has a polynomial for that."""

from __future__ import annotations

import numpy as np
import pytest
from spec_units import catalogue, spec, unit

from actgen.backends.base import Unit
from actgen.program.evaluate import evaluate_nodes
from actgen.program.program import Node, Program, topological
from actgen.program.translate import Translator
from actgen.program.truth import truths

WAVES = "expression: sin(3*x)/(1 + x**2) + exp(x)/20 - 1/4"
GATE = "inputs: [a, b]\nexpression: a*((1 + erf(b/sqrt(2)))/2 + b*exp(-b**2/2)/sqrt(2*pi))"


def _beside(place: float, count: int = 40) -> np.ndarray:
    """The numbers of float32 on both sides of a place, the place among them."""
    bits = np.float32(place).view(np.int32) + np.arange(-count, count, dtype=np.int32)
    return bits.view(np.float32).astype(np.float64)


def _error(root: Node, exact: Node, columns: dict[str, np.ndarray]) -> float:
    """The largest error in ulps of float32."""
    (truth,), (value,) = truths([exact], columns), evaluate_nodes([root], columns)
    return float(np.max(np.abs(value - truth) / np.abs(np.spacing(truth.astype(np.float32)))))


def _exact(found: Unit) -> list[Node]:
    """Value and partials, word for word."""
    (piece,) = found.derivation.outputs[0].pieces
    return [Translator()(e) for e in (piece.value, *piece.partials.values())]


def _patches(program: Program) -> int:
    return len({n for n in topological(program.roots()) if n.op == "poly" and n.called == "near_zero"})


def _closed(root: Node) -> Node:
    """The closed form beside the polynomial."""
    assert root.op == "where"
    return root.args[2]


@pytest.mark.parametrize(("name", "place"), [("mish", -1.1924312), ("gelu", -0.75179154)])
def test_the_slope_beside_its_zero(name: str, place: float) -> None:
    program = catalogue(name).program
    (slope,) = program.partials.values()
    at = {"x": _beside(place)}
    assert _error(_closed(slope), _closed(slope), at) > 0.1
    assert _error(slope, _closed(slope), at) < 0.01
    assert _patches(program) == 1


def test_the_polynomial_goes_over_into_the_closed_form() -> None:
    (slope,) = catalogue("mish").program.partials.values()
    at = {"x": -1.1924312114715576 + np.linspace(-2e-5, 2e-5, 4001)}
    (value,) = evaluate_nodes([slope], at)
    np.testing.assert_allclose(value, evaluate_nodes([_closed(slope)], at)[0], rtol=0, atol=4e-16)
    assert np.all(np.diff(value) > 0)


def test_every_zero_of_value_and_slope() -> None:
    found = unit(spec(WAVES))
    x = np.linspace(-8, 8, 4001)
    assert _patches(found.program) > 1
    for root, exact in zip(found.program.roots(), _exact(found), strict=True):
        value = evaluate_nodes([root], {"x": x})[0]
        for index in np.flatnonzero(value[:-1] * value[1:] < 0):
            low, high = x[index], x[index + 1]
            for _ in range(40):
                middle = (low + high) / 2
                same = evaluate_nodes([root], {"x": np.array([middle])})[0][0] * value[index] > 0
                low, high = (middle, high) if same else (low, middle)
            assert _error(root, exact, {"x": _beside(low, 4)}) < 0.11


def test_a_zero_that_moves_with_a_parameter_has_none() -> None:
    assert _patches(unit(spec("parameters: {b: {init: 1}}\nexpression: x*tanh(log(1 + exp(b*x)))")).program) == 0


def test_the_slope_of_a_gate_in_one_input() -> None:
    found = unit(spec(GATE))
    at = {"a": np.ones(80), "b": _beside(-0.75179154)}
    assert _patches(found.program) == 1
    assert _error(found.program.partials["y", "a"], _exact(found)[1], at) < 0.01


def test_where_the_closed_form_has_the_digits_it_stays() -> None:
    assert _patches(catalogue("silu").program) == 0
    assert _patches(catalogue("tanh").program) == 0
