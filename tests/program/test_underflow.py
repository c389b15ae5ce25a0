"""Products whose factor is lost before they are: split where it helps, the function kept, and nothing else touched."""

from __future__ import annotations

import numpy as np
import pytest
from spec_units import catalogue

from actgen.program.build import ZERO, add, div, mul, power, where
from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.underflow import factors_of, without_early_zeros
from actgen.program.program import Program, arg, const, node
from actgen.program.sampling import samples
from actgen.program.truth import truths

A, X = arg("a"), arg("x")
EXP, SIGMOID, TANH = (node("exp", X), node("sigmoid", X), node("tanh", node("softplus", X)))
NOT_LOST = where(node("eq", SIGMOID, ZERO), ZERO, mul(A, SIGMOID))
PRODUCTS = {
    "product": mul(A, EXP),
    "product of three": mul(mul(A, EXP), X),
    "quotient": div(mul(EXP, A), add(EXP, const(1))),
    "sum": add(mul(A, SIGMOID), mul(SIGMOID, X)),
    "guarded": mul(NOT_LOST, X),
    "guarded sum": add(NOT_LOST, SIGMOID),
    "sum of two functions": add(mul(A, SIGMOID), TANH),
    "softplus": mul(A, node("softplus", X)),
    "sech": mul(A, node("sech", X)),
    "branches": where(node("lt", X, A), mul(A, TANH), TANH),
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_split_keeps_the_function_and_reaches_further(name: str) -> None:
    root = PRODUCTS[name]
    (factor,) = factors_of(root)
    (product,) = factor.products(root)
    assert product is root
    new = factor.split(root)
    moderate = {"a": np.array([0.7, -3.0, 1e6, 2.0]), "x": np.array([-0.3, -80.0, 0.0, 31.0])}
    np.testing.assert_allclose(truths([new], moderate)[0], truths([root], moderate)[0], rtol=1e-15)
    lost = {"a": np.array([1e300]), "x": np.array([-1100.0])}
    assert evaluate_nodes([root], lost)[0] == 0
    np.testing.assert_allclose(evaluate_nodes([new], lost)[0], truths([root], lost)[0], rtol=1e-12)


def test_a_square_of_sech_is_split_as_one_factor() -> None:
    root = mul(A, power(node("sech", X), 2))
    (factor,) = [f for f in factors_of(root) if list(f.products(root)) and f.split(root) is not root][:1]
    new = factor.split(root)
    columns = {"a": np.array([1e5, 1e9, 2.0, -3.0]), "x": np.array([-356.0, 360.0, 0.0, 0.7])}
    before, after = (evaluate_nodes([r], columns, flushes=True)[0] for r in (root, new))
    assert before[0] == before[1] == 0
    np.testing.assert_allclose(after, truths([root], columns)[0], rtol=1e-12)


def results(program: Program, flushes: bool, **at: float) -> list[float]:
    columns = {**at, **{name: np.array(1.0) for name in program.parameters}}
    return [float(v) for v in evaluate_nodes(program.roots(), columns, flushes=flushes)]


@pytest.mark.parametrize(("a", "b"), [(1e30, -750.0), (-1e300, -1300.0), (1e290, -709.5), (1e300, 1200.0)])
def test_a_gate_is_right_where_its_factor_is_lost(a: float, b: float) -> None:
    program = catalogue("glu").program
    columns = {"a": np.array([a]), "b": np.array([b])}
    y, _, db = (v[0] for v in truths(program.roots(), columns))
    found = results(program, False, a=a, b=b)
    assert (found[0], found[2]) == (pytest.approx(y, rel=1e-12, abs=0), pytest.approx(db, rel=1e-12, abs=0))


@pytest.mark.parametrize("name", ["silu", "mish", "selu", "gelu_tanh"])
def test_flushed_factors_take_nothing_with_them(name: str) -> None:
    unit = catalogue(name)
    flushed = without_early_zeros(unit.program, samples(unit.derivation), flushes=True)
    x = -21.16 if name == "gelu_tanh" else -708.5
    exact = [float(v[0]) for v in truths(unit.program.roots(), {"x": np.array([x])})]
    normal = [abs(v) >= 2.0**-1022 for v in exact]
    assert any(normal)
    before, after = results(unit.program, True, x=x), results(flushed, True, x=x)
    assert 0 in [v for v, is_normal in zip(before, normal, strict=True) if is_normal]
    for value, truth, is_normal in zip(after, exact, normal, strict=True):
        assert not is_normal or value == pytest.approx(truth, rel=1e-11, abs=0)


@pytest.mark.parametrize("name", ["tanh", "softplus", "selu_variation", "silu", "snake"])
def test_nothing_is_split_without_need(name: str) -> None:
    unit = catalogue(name)
    assert without_early_zeros(unit.program, samples(unit.derivation), flushes=False).roots() == unit.program.roots()


def test_subnormal_numbers_become_zero_on_the_way_only_where_that_is_asked_for() -> None:
    root = mul(node("exp", X), const(1e9))
    assert evaluate_nodes([root], {"x": np.array(-709.0)})[0] > 0
    assert evaluate_nodes([root], {"x": np.array(-709.0)}, flushes=True)[0] == 0


def test_a_softplus_without_another_input_beside_it_stays_whole() -> None:
    root = mul(A, node("softplus", X))
    assert factors_of(root)
    assert not factors_of(root, whole_softplus=True)
