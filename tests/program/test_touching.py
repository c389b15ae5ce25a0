"""1 + k·sin(v) keeps its digits beside its zeros where k is 1 nominally, and elsewhere what it had."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from spec_units import spec, unit

from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.touching import touching
from actgen.program.translate import Translator
from actgen.program.truth import truths

x, a, b = sp.symbols("x a b", real=True)
NOMINAL = {a: 1.5, b: 1.5}
SUMS = {
    "ratio": 1 + 2 * a / b * sp.sin(a * x) * sp.cos(a * x),
    "negative": 2 - 2 * a / b * sp.sin(x),
    "exponential": 1 + sp.exp(a - b) * sp.sin(x),
    "exponentials": 3 - 6 * sp.exp(a) * sp.exp(-b) * sp.sin(b * x) * sp.cos(b * x),
}


@pytest.mark.parametrize("name", SUMS)
def test_it_is_the_same_function(name: str) -> None:
    found, half = touching(SUMS[name], NOMINAL), sp.Rational(1, 2)
    assert found != SUMS[name]
    for values in ({x: half, a: 3 * half, b: 3 * half}, {x: -2, a: half, b: 7}, {x: 40, a: 5, b: -half}):
        plain = found.replace(lambda t: t.func.__name__ == "Grouped", lambda t: t.args[0])
        assert abs(sp.N((plain - SUMS[name]).subs(values), 30)) < 1e-25


@pytest.mark.parametrize(
    "e", [1 + a * sp.sin(x), 1 + sp.sin(x), a / b * sp.sin(x), 1 + a / b * sp.sin(x) * sp.cos(2 * x), b + a * sp.sin(x)]
)
def test_anything_else_stays(e: sp.Expr) -> None:
    assert touching(e, NOMINAL) == e


def test_a_wave_that_is_nothing_nominally_is_no_square() -> None:
    e = x + a * sp.sin(x)
    assert touching(e, {a: 0.0}) == e


@pytest.mark.parametrize("name", SUMS)
@given(angle=st.floats(-3, 3), one=st.floats(0.01, 9), other=st.floats(0.01, 9))
def test_no_digits_are_lost_wherever_the_parameters_are(name: str, angle: float, one: float, other: float) -> None:
    columns = {"x": np.array([angle]), "a": np.array([one]), "b": np.array([other])}
    plain, square = (Translator()(e) for e in (SUMS[name], touching(SUMS[name], NOMINAL)))
    (truth,), (value,) = truths([plain], columns), evaluate_nodes([square], columns)
    largest = 6 * max(1.0, one / other, float(np.exp(one - other)))
    assert abs(value[0] - truth[0]) < 2e-14 * largest


def test_the_slope_of_snake_beta_beside_its_zeros() -> None:
    text = "parameters: {alpha: 0, beta: 0}\nexpression: x + sin(exp(alpha)*x)**2/exp(beta)"
    found = unit(spec(text))
    (piece,) = found.derivation.outputs[0].pieces
    bits = np.float32(2.3561945).view(np.int32) + np.arange(-40, 41, dtype=np.int32)
    at = {"x": bits.view(np.float32).astype(np.float64), "alpha": np.zeros(81), "beta": np.zeros(81)}
    (value,) = evaluate_nodes([found.program.partials["y", "x"]], at)
    (truth,) = truths([Translator()(next(iter(piece.partials.values())))], at)
    assert np.max(np.abs(value - truth) / np.abs(np.spacing(truth.astype(np.float32)))) < 0.4
