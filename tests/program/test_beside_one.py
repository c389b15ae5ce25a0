"""Logarithms and exponentials beside a parameter that is 1 nominally."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from spec_units import spec, unit

from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.beside_one import beside_one
from actgen.program.stable import Erfc, Expm1, Grouped, Log1p
from actgen.program.truth import truths
from actgen.symbolic.functions import Sigmoid

x, c, d = sp.symbols("x c d", real=True)


def test_what_is_one_nominally_is_taken_away() -> None:
    nominal = {c: 1.0, d: 0.5}
    assert beside_one(sp.log(c + x**2), nominal) == Log1p(Grouped(c - 1) + x**2)
    assert beside_one(sp.log(2 * d + x**2), nominal) == Log1p(Grouped(2 * d - 1) + x**2)
    assert beside_one(d * (sp.exp(x) - c), nominal) == d * (Expm1(x) + Grouped(1 - c))


def test_what_saturates_at_one_is_taken_away_too() -> None:
    nominal = {c: 1.0, d: 0.5}
    assert beside_one(c + sp.tanh(d * x), nominal) == Grouped(c - 1) + 2 * Sigmoid(2 * d * x)
    assert beside_one(2 * d - sp.erf(x), nominal) == Grouped(2 * d - 1) + Erfc(x)
    assert beside_one(3 * sp.tanh(x) - 3 * c + x, nominal) == Grouped(3 - 3 * c) - 6 * Sigmoid(-2 * x) + x
    assert beside_one(c - Sigmoid(x), nominal) == Grouped(c - 1) + Sigmoid(-x)
    assert beside_one(d - Sigmoid(x), nominal) == Grouped(d - sp.Rational(1, 2)) - sp.tanh(x / 2) / 2


def test_anything_else_stays() -> None:
    for e in (
        sp.log(d + x**2),
        sp.log(c + d),
        sp.log(c),
        sp.log(1 + x**2),
        sp.exp(x) - d,
        sp.exp(x) + c,
        c + Sigmoid(x),
    ):
        assert beside_one(e, {c: 1.0, d: 0.5}) == e


@pytest.mark.parametrize("formula", ["x * log(c + sigmoid(x))", "x * (c + tanh(x/2))"])
def test_the_sum_keeps_a_small_term(formula: str) -> None:
    program = unit(spec(f"parameters: {{c: {{init: 1, bounds: [0.1, 4]}}}}\nexpression: {formula}")).program
    columns = {"x": np.array([-25.8, -100.0, -300.0, 3.0]), "c": np.ones(4)}
    for root in program.roots():
        np.testing.assert_allclose(evaluate_nodes([root], columns)[0], truths([root], columns)[0], rtol=1e-13)
