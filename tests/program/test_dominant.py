"""The largest of several exponentials taken out of numerators, denominators and logarithms."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp
from spec_units import spec, unit

from actgen.program.adjoints import adjoints
from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.dominant import dominated
from actgen.program.program import Program
from actgen.program.rules.many_exponentials import LogOfMeanOfExponentials
from actgen.program.stable import Grouped
from actgen.program.translate import Translator
from actgen.program.truth import truths
from actgen.symbolic.functions import LogAddExp, Sigmoid

a, b = sp.symbols("a b", real=True)
PAIR = (a * sp.exp(a) + b * sp.exp(b)) / (sp.exp(a) + sp.exp(b))
FAR = [-1e300, -1e17, -800.0, -709.5, -40.0, -1.0, 0.0, 0.5, 30.0, 705.0, 1400.0, 1e17, 1e300]


def compiled(inputs: str, expression: str, parameters: str = "") -> Program:
    return unit(spec(f"inputs: [{inputs}]\n{parameters}expression: {expression}\n")).program


@pytest.mark.parametrize(
    ("inputs", "expression", "parameters"),
    [
        ("a, b", "(a*exp(a) + b*exp(b))/(exp(a) + exp(b))", ""),
        ("a, b", "a*exp(a)/(exp(a) + exp(b))", ""),
        ("a, b, c", "(a*exp(a) + b*exp(b) + c*exp(c))/(exp(a) + exp(b) + exp(c))", ""),
        ("a, b", "log(exp(a) + exp(b) + 1)", ""),
        ("a", "exp(a)/(exp(a) + exp(-k*a) + 2)", "parameters: {k: 0.7}\n"),
    ],
)
def test_everything_is_a_number_far_out_and_right(inputs: str, expression: str, parameters: str) -> None:
    program = compiled(inputs, expression, parameters)
    names = program.inputs
    grid = np.meshgrid(*[FAR] * len(names))
    columns = {name: column.ravel() for name, column in zip(names, grid, strict=True)}
    columns |= {name: np.full(columns[names[0]].size, 0.7) for name in program.parameters}
    for root in program.roots():
        (found,) = evaluate_nodes([root], columns)
        (exact,) = truths([root], columns)
        assert np.isfinite(found).all()
        size = np.max(np.abs([columns[n] for n in names]), axis=0)
        close = np.abs(found - exact) <= 1e-12 * np.abs(exact) + 4e-16 * size + 1e-300
        assert (close | np.isnan(exact)).all()
        ordinary = size < 1e4
        for slope in adjoints(root, columns).values():
            assert np.isfinite(slope[ordinary]).all()


def test_two_exponentials_are_a_sigmoid() -> None:
    assert next(iter(dominated(PAIR))) == a * Sigmoid(a - b) + b * Sigmoid(b - a)
    slope = next(iter(dominated(sp.diff(PAIR, a))))
    assert slope == (Grouped(a - b) + 1) * Sigmoid(a - b) * Sigmoid(b - a) + Sigmoid(a - b) ** 2


def test_one_is_not_lost_between_large_arguments() -> None:
    for form in dominated(sp.diff(PAIR, a)):
        at = {"a": np.array([1e17]), "b": np.array([1e17])}
        if form.has(Grouped):
            assert evaluate_nodes([Translator()(form)], at)[0] == pytest.approx(0.5)


def test_other_quotients_have_no_such_form() -> None:
    cosh = sp.exp(a) + sp.exp(-a)
    for e in (1 / (1 + sp.exp(a)), a / (sp.exp(a) - 1), sp.exp(a) + sp.exp(b), 1 / (a + b), 1 / cosh):
        assert not list(dominated(e))


def test_a_mean_of_exponentials_keeps_its_digits_near_its_zero() -> None:
    found = LogOfMeanOfExponentials().apply(LogAddExp(a, b) - sp.log(2))
    assert found is not None
    for u, v in ((1e-9, -1e-9), (3e-24, 1e-200), (1e-3, -2e-3), (0.1, -0.2), (800.0, -3.0)):
        at = {"a": np.array([u]), "b": np.array([v])}
        exact = float(truths([Translator()(LogAddExp(a, b) - sp.log(2))], at)[0][0])
        assert float(evaluate_nodes([Translator()(found)], at)[0][0]) == pytest.approx(exact, rel=1e-13, abs=0)


def test_weights_and_constants_take_part() -> None:
    program = compiled("a, b", "log(0.25*exp(a) + 0.5*exp(b) + 0.25)")
    at = {"a": np.array([2e-12, 800.0]), "b": np.array([-1e-12, 3.0])}
    (found,) = evaluate_nodes([program.forward["y"]], at)
    assert found[1] == pytest.approx(800 - math.log(4), rel=1e-15)
    assert found[0] == pytest.approx(float(truths([program.forward["y"]], at)[0][0]), rel=1e-3, abs=0)


def test_without_a_matching_constant_nothing_changes() -> None:
    rule = LogOfMeanOfExponentials()
    assert rule.apply(LogAddExp(a, b) - sp.log(3)) is None
    assert rule.apply(LogAddExp(a, sp.Integer(0)) - sp.log(2)) is None


def test_the_largest_of_scaled_scores_leaves_nothing_of_itself() -> None:
    text = "inputs: [x, z]\nparameters: {t: {init: 1, bounds: [0.1, 10]}}\n"
    program = unit(spec(f"{text}expression: exp(x/t)/(1 + exp(x/t) + exp(z/t))")).program
    columns = {"x": np.array([3.5e19, 5.9e18]), "z": np.array([6e-6, -5.8e5]), "t": np.array([0.67578125, 9.9999999])}
    value, dx, dz, dt = evaluate_nodes(program.roots(), columns)
    assert value.tolist() == [1, 1]
    assert not any(np.any(slope) for slope in (dx, dz, dt))
