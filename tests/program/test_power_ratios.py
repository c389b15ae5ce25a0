"""Ratios of two powers to one exponent: no power leaves the range before the ratio does."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from spec_units import spec, unit

from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.power_ratios import power_ratios
from actgen.program.program import Program
from actgen.program.translate import Translator
from actgen.program.truth import truths
from actgen.symbolic.functions import RealPow

x, k, n, m = sp.symbols("x k n m", real=True)


@pytest.fixture(scope="module")
def hill() -> Program:
    text = "parameters: {n: {init: 2, bounds: [1, 8]}, k: {init: 1, bounds: [0, .inf]}}\n"
    pieces = "expression: Piecewise((x**n/(k**n + x**n), x > 0), (0, True))\n"
    return unit(spec(text + pieces)).program


def test_the_whole_range(hill: Program) -> None:
    sizes = [-3.0, 5e-324, 3e-179, 1e-150, 1e-8, 0.3, 0.999999, 1.0, 1.000001, 3.0, 700.0, 1e60, 1e160, 1e308]
    grid = [column.ravel() for column in np.meshgrid(sizes, [1.0, 2.0, 7.9], [1e-3, 1.0, 40.0])]
    columns: dict[str, np.ndarray] = dict(zip(("x", "n", "k"), grid, strict=True))
    for root in hill.roots():
        (found,), (exact,) = evaluate_nodes([root], columns), truths([root], columns)
        assert np.isfinite(found).all()
        assert (np.abs(found - exact) <= 1e-12 * np.abs(exact) + 1e-307).all()


def test_it_is_the_same_function() -> None:
    at = {x: 0.7, k: 1.3, n: 2.5}
    a, b = RealPow(x, n), RealPow(k, n)
    for e in (a / (a + b), n * a * b / (x * (a + b) ** 2), (sp.log(x) - sp.log(k)) * a * b / (a + b) ** 2):
        for swapped in ({}, {x: k, k: x}):
            plain = e.xreplace(swapped)
            (form,) = power_ratios(plain, {x, k})
            assert abs(_number(form, at) - _number(plain, at)) < 1e-14


def test_other_powers_have_no_such_form() -> None:
    a, b = RealPow(x, n), RealPow(k, n)
    for e in (a + b, a / (1 + a), a / (a + RealPow(k, m)), a / (a + b) ** 2):
        assert not list(power_ratios(e, {x, k}))
    assert not list(power_ratios(a / (a + b), ()))


def _number(e: sp.Expr, at: dict[sp.Symbol, float]) -> float:
    columns = {s.name: np.array([v]) for s, v in at.items()}
    return float(evaluate_nodes([Translator()(e)], columns)[0][0])
