"""Logarithms and exponentials beside a parameter that is 1 nominally."""

from __future__ import annotations

import numpy as np
import sympy as sp
from spec_units import spec, unit

from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.beside_one import beside_one
from actgen.program.stable import Expm1, Grouped, Log1p
from actgen.program.truth import truths

x, c, d = sp.symbols("x c d", real=True)


def test_what_is_one_nominally_is_taken_away() -> None:
    nominal = {c: 1.0, d: 0.5}
    assert beside_one(sp.log(c + x**2), nominal) == Log1p(Grouped(c - 1) + x**2)
    assert beside_one(sp.log(2 * d + x**2), nominal) == Log1p(Grouped(2 * d - 1) + x**2)
    assert beside_one(d * (sp.exp(x) - c), nominal) == d * (Expm1(x) + Grouped(1 - c))


def test_anything_else_stays() -> None:
    for e in (sp.log(d + x**2), sp.log(c + d), sp.log(c), sp.log(1 + x**2), sp.exp(x) - d, sp.exp(x) + c):
        assert beside_one(e, {c: 1.0, d: 0.5}) == e


def test_the_sum_keeps_a_small_term() -> None:
    program = unit(spec("parameters: {c: {init: 1, bounds: [0.1, 4]}}\nexpression: x * log(c + sigmoid(x))")).program
    columns = {"x": np.array([-25.8, -100.0, -300.0, 3.0]), "c": np.ones(4)}
    for root in program.roots():
        np.testing.assert_allclose(evaluate_nodes([root], columns)[0], truths([root], columns)[0], rtol=1e-13)
