"""Differences of saturating functions as products: the function kept, with digits in the tails and at the zeros."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp

from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.differences import signed_differences
from actgen.program.rules.differences import sigmoid_difference, tanh_difference
from actgen.program.stable import Select
from actgen.program.translate import Translator
from actgen.program.truth import truths
from actgen.symbolic.functions import Sigmoid

X, W = (sp.Symbol(name, real=True) for name in "xw")
SIZES = np.concatenate([10.0 ** np.arange(-300, 0, 20), [0.03, 0.4, 1.5, 7.0, 18.0, 88.0, 350.0]])
EXPRESSIONS = {
    "bump": sp.tanh(X + W) - sp.tanh(X - W),
    "slope of a bump": sp.tanh(X - W) ** 2 - sp.tanh(X + W) ** 2,
    "stairs": sp.tanh(X - W) + sp.tanh(X) + sp.tanh(X + W),
    "moment": (X - W) * (1 - sp.tanh(X - W) ** 2) + (X + W) * (1 - sp.tanh(X + W) ** 2),
    "sigmoids": Sigmoid(X + W) - Sigmoid(X - W),
    "slope of sigmoids": sp.diff(1 / (1 + sp.exp(-X - W)) - 1 / (1 + sp.exp(W - X)), X),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
@pytest.mark.parametrize("w", [2.0, -2.0, 300.0])
def test_the_products_are_right_at_every_size(name: str, w: float) -> None:
    found = signed_differences(EXPRESSIONS[name])
    assert found is not None
    x = np.concatenate([-SIZES, SIZES])
    columns = {"x": x, "w": np.full(x.size, w)}
    translate = Translator()
    (exact,) = truths([translate(EXPRESSIONS[name])], columns)
    known = np.isfinite(exact)
    assert known.sum() > SIZES.size
    (value,) = evaluate_nodes([translate(found)], columns)
    np.testing.assert_allclose(value[known], exact[known], rtol=1e-12, atol=2.3e-308)


@pytest.mark.parametrize("difference", [tanh_difference, sigmoid_difference])
def test_a_difference_of_known_sign_has_no_select(difference: Callable[[sp.Expr, sp.Expr], sp.Expr]) -> None:
    assert difference(X + W, X).has(Select)
    assert not difference(X + 1, X).has(Select)
    assert not difference(X - 1, X).has(Select)


def test_one_saturating_function_has_no_difference() -> None:
    assert signed_differences(X * sp.tanh(W * X)) is None
    assert signed_differences(X**2 + W) is None
