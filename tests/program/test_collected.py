"""Shared powers taken together, and factors spread over the arms of a choice."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp
from spec_units import spec, unit

from actgen.program.evaluate import evaluate_numpy
from actgen.program.passes.collected import collected
from actgen.program.passes.spread import spread
from actgen.program.stable import Select

X, P = sp.symbols("x p", real=True)


def at(program, **arguments):
    outputs, partials = evaluate_numpy(program, {n: np.array([float(v)]) for n, v in arguments.items()})
    return [float(v[0]) for v in (*outputs.values(), *partials.values())]


def test_the_same_quantity_with_each_power_once() -> None:
    e = X * sp.exp(P * X) / P - (sp.exp(P * X) - 1) / P**2
    found = collected(e)
    assert found is not None
    assert sp.expand(found - e) == 0
    assert sp.Add.make_args(found)[0].atoms(sp.exp) | sp.Add.make_args(found)[1].atoms(sp.exp) == {sp.exp(P * X)}
    assert sum(t.has(sp.exp) for t in sp.Add.make_args(found)) == 1
    assert collected(sp.exp(X) + sp.exp(-X)) is None
    assert collected(sp.exp(X) / (1 + sp.exp(X))) is None


def test_a_slope_whose_terms_overflow_apart() -> None:
    program = unit(spec("parameters: {p: 0.5}\nexpression: ((1 + exp(x))**p - 1)/p")).program
    assert at(program, x=1480, p=0.5)[2] == math.inf
    assert at(program, x=30, p=2)[2] == pytest.approx(math.exp(60) * (30 / 2 - 1 / 4), rel=1e-9)


def test_a_factor_goes_to_the_terms_of_the_arms() -> None:
    choice = Select(X - 1, P * X + sp.exp(X), X)
    assert spread(choice / P) == Select(X - 1, X + sp.exp(X) / P, X / P)
    assert spread(choice * choice.subs(X, P)) == choice * choice.subs(X, P)


@pytest.mark.parametrize("b", [0.05, 1.0, 20.0])
@pytest.mark.parametrize("u", [1e-3, 0.5, 0.99, 1.01, 30.0, 800.0, 5e4])
def test_the_inverse_of_softplus_at_any_rate(b: float, u: float) -> None:
    program = unit(spec("parameters: {b: {init: 1, bounds: [0.05, 20]}}\nexpression: log(exp(b*x) - 1)/b")).program
    x = u / b
    y, dx, db = at(program, x=x, b=b)
    with np.errstate(all="ignore"):
        small = -math.expm1(-b * x)
    assert y == pytest.approx(x + math.log(small) / b, rel=1e-12)
    assert dx == pytest.approx(1 / small, rel=1e-12)
    assert db == pytest.approx(x * math.exp(-b * x) / small / b - math.log1p(-math.exp(-b * x)) / b**2, rel=1e-9, abs=0)
