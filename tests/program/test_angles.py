"""Angles in half turns are exact however large they are, and sums of 1 and a sine keep their digits beside a zero."""

from __future__ import annotations

import math

import flint
import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from spec_units import catalogue, spec, unit

from actgen.backends.base import Unit
from actgen.program.evaluate import NUMPY_OPS, evaluate_nodes
from actgen.program.program import Node, topological
from actgen.program.translate import Translator
from actgen.program.truth import truths

x, a, b = sp.symbols("x a b", real=True)
FLOATS = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)


@pytest.mark.parametrize(("name", "method"), [("sinpi", "sin_pi"), ("cospi", "cos_pi")])
@given(value=FLOATS)
def test_half_turns_keep_their_digits_at_every_float(name: str, method: str, value: float) -> None:
    found = float(NUMPY_OPS[name](np.float64(value)))
    exact = getattr(flint.arb(value), method)()
    assert found == 0 if exact.is_zero() else abs(found / float(exact.mid()) - 1) < 1e-15


def test_half_turns_are_exact_at_whole_and_half_numbers() -> None:
    k = np.array([0.0, 1, -1, 2, 3, -7, 2.0**30 + 1, -(2.0**52) - 1, 2.0**53, 1e300])
    assert not NUMPY_OPS["sinpi"](k).any()
    assert NUMPY_OPS["cospi"](k).tolist() == [1, -1, -1, 1, -1, -1, -1, -1, 1, 1]
    half = np.array([0.5, -0.5, 1.5, 2.5, -3.5])
    assert not NUMPY_OPS["cospi"](half).any()
    assert NUMPY_OPS["sinpi"](half).tolist() == [1, -1, -1, 1, 1]
    with np.errstate(invalid="ignore"):
        assert np.isnan(NUMPY_OPS["sinpi"](np.inf))
        assert np.isnan(NUMPY_OPS["cospi"](np.nan))


@pytest.mark.parametrize(
    "angle", [sp.pi * x, 2 * sp.pi * a * x, sp.pi * x / 3 + b, sp.pi * (x + a) + 1, sp.pi * (x**2 - sp.Rational(1, 4))]
)
@pytest.mark.parametrize("function", [sp.sin, sp.cos, sp.tan])
def test_an_angle_with_a_pi_is_counted_in_half_turns(function: type[sp.Function], angle: sp.Expr) -> None:
    found = Translator()(function(angle))
    ops = {n.op for n in topological([found])}
    assert {"sinpi", "cospi"} & ops
    assert not {f"{c.value:.10f}" for c in topological([found]) if c.op == "const"} & {f"{math.pi:.10f}"}
    columns = {"x": np.array([0.3, -2.7, 17.1]), "a": np.array([1.3, 0.2, -5.0]), "b": np.array([0.4, 9.0, -0.1])}
    value = [
        float(function(angle).subs(dict(zip((x, a, b), row, strict=True))))
        for row in zip(*columns.values(), strict=True)
    ]
    np.testing.assert_allclose(evaluate_nodes([found], columns)[0], value, rtol=1e-13)


@pytest.mark.parametrize("angle", [x, a * x, 1 / (1 + sp.pi * x), sp.pi**2 * x, sp.pi * x + sp.pi**2 * a])
def test_any_other_angle_stays(angle: sp.Expr) -> None:
    assert {n.op for n in topological([Translator()(sp.sin(angle))])}.isdisjoint({"sinpi", "cospi"})


def _exact(found: Unit) -> list[Node]:
    (piece,) = found.derivation.outputs[0].pieces
    return [Translator()(e) for e in (piece.value, *piece.partials.values())]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("x + sin(x)", math.pi),
        ("x - sin(x)", 2 * math.pi),
        ("x - cos(3*x)/3", math.pi / 2),
        ("x + cos(x)", math.pi / 2),
        ("x + sin(x)**2", 3 * math.pi / 4),
        ("2*x - sin(x)**2", math.pi / 4),
        ("x + sin(pi*x)**2/pi", 3527842.75),
        ("x*sin(pi*x)", 123456792.0),
    ],
)
def test_beside_a_zero_that_the_slope_touches(text: str, place: float) -> None:
    found = unit(spec(f"expression: {text}"))
    bits = np.float32(place).view(np.int32) + np.arange(-40, 41, dtype=np.int32)
    at = {"x": bits.view(np.float32).astype(np.float64)}
    for root, balls in zip(found.program.roots(), truths(_exact(found), at), strict=True):
        (value,), truth = evaluate_nodes([root], at), np.nan_to_num(balls)  # undecided at every precision: 0
        assert np.max(np.abs(value - truth) / np.abs(np.spacing(truth.astype(np.float32)))) < 0.4


def test_snake_beside_the_zeros_of_its_slope() -> None:
    found = catalogue("snake")
    bits = np.float32(2.3561945).view(np.int32) + np.arange(-40, 41, dtype=np.int32)
    at = {"x": bits.view(np.float32).astype(np.float64), "a": np.ones(81)}
    slope = found.program.partials["y", "x"]
    truth = truths([Translator()(next(iter(found.derivation.outputs[0].pieces[-1].partials.values())))], at)[0]
    (value,) = evaluate_nodes([slope], at)
    assert np.max(np.abs(value - truth) / np.abs(np.spacing(truth.astype(np.float32)))) < 0.4


def test_a_sine_of_half_turns_has_no_limit() -> None:
    program = unit(spec("parameters: {a: 1}\nexpression: sin(2*pi*a*x)")).program
    value = evaluate_nodes(list(program.forward.values()), {"x": np.array([np.inf, -np.inf]), "a": np.ones(2)})[0]
    assert np.isnan(value).all()
