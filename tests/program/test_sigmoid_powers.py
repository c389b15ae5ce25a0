"""Differences of powers of a sigmoid: digits for small exponents, beside 0 and in the tails."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.stabilise import ANALYTIC_RULES, stabilised
from actgen.program.stable import Expm1, Select
from actgen.program.translate import Translator
from actgen.program.truth import truths
from actgen.symbolic.functions import RealPow, Sigmoid, Softplus

X, P = (sp.Symbol(name, real=True) for name in "xp")
DIFFERENCE = RealPow(Sigmoid(X), P) - RealPow(Sigmoid(-X), P)
SIZES = np.array([1e-300, 1e-30, 1e-8, 1e-3, 0.4, 3.0, 18.0, 350.0, 709.5])


@pytest.mark.parametrize("p", [0.5, -0.5, 3.25, 1e-8, -1e-12])
def test_a_difference_of_powers_is_right_at_every_size(p: float) -> None:
    translate = Translator()
    x = np.concatenate([-SIZES, SIZES])
    columns = {"x": x, "p": np.full(x.size, p)}
    (exact,) = truths([translate(DIFFERENCE)], columns)
    (value,) = evaluate_nodes([translate(stabilised(DIFFERENCE))], columns)
    np.testing.assert_allclose(value, exact, rtol=1e-12, atol=2.3e-308)


def test_a_quotient_patch_sees_no_select() -> None:
    assert stabilised(DIFFERENCE).has(Select)
    assert stabilised(DIFFERENCE, ANALYTIC_RULES) in (
        sp.exp(-P * Softplus(X)) * Expm1(P * X),
        -sp.exp(-P * Softplus(-X)) * Expm1(-P * X),
    )


def test_powers_that_are_no_reflections_of_each_other_stay_apart() -> None:
    apart = RealPow(Sigmoid(X), P) - RealPow(Sigmoid(2 * X), P)
    assert not stabilised(apart).has(Expm1)


def test_a_choice_by_a_number_is_made_at_once() -> None:
    x = sp.Symbol("x", real=True)
    assert Select(sp.Rational(1, 2), x, x**2) == x
    assert Select(sp.Integer(0), x, x**2) == x**2
