"""Products of an exponential that overflows and one that vanishes: together they are what they should be."""

from __future__ import annotations

import numpy as np
import pytest
from spec_units import spec, unit

from actgen.program.build import ZERO, add, div, mul, neg, power, where
from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.opposed import Exponentials
from actgen.program.program import arg, const, node
from actgen.program.translate import Translator
from actgen.program.truth import truths

A, B, X = arg("a"), arg("b"), arg("x")
EXP, SIGMOID = node("exp", mul(B, X)), node("sigmoid", neg(mul(A, X)))
SECH, SOFTPLUS = node("sech", X), node("softplus", neg(X))
PRODUCTS = {
    "two": mul(EXP, SIGMOID),
    "beside others": mul(mul(X, EXP), div(SIGMOID, add(A, const(3)))),
    "three": mul(mul(EXP, SIGMOID), SECH),
    "of a sum": mul(add(mul(A, SIGMOID), mul(X, SIGMOID)), EXP),
    "a sum": add(mul(EXP, SIGMOID), mul(mul(X, SIGMOID), EXP)),
    "a sum of unlike terms": add(mul(EXP, SIGMOID), mul(mul(SECH, SIGMOID), EXP)),
    "a power": mul(power(SIGMOID, 3), EXP),
    "a power of a product": power(mul(SOFTPLUS, EXP), 2),
    "a sum of powers": mul(add(power(SIGMOID, 2), SIGMOID), EXP),
    "sinh": mul(node("sinh", mul(A, X)), EXP),
    "cosh": mul(node("cosh", X), SIGMOID),
    "expm1": mul(node("expm1", mul(A, X)), SECH),
    "expm1 beside exp": mul(add(mul(A, node("exp", X)), node("expm1", X)), SIGMOID),
    "guarded": where(node("eq", SIGMOID, ZERO), ZERO, mul(EXP, SIGMOID)),
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_together_they_are_the_same_function(name: str) -> None:
    root = PRODUCTS[name]
    found = Exponentials.below(root)
    assert list(found.products(root)) == [root]
    new = found.together(root)
    assert new is not root
    moderate = {
        "a": np.array([0.7, -3.0, 2.5, 1.0, 0.25]),
        "b": np.array([1.0, 0.3, -2.0, 0.5, 4.0]),
        "x": np.array([-0.3, -20.0, 0.0, 31.0, 8.0]),
    }
    np.testing.assert_allclose(truths([new], moderate)[0], truths([root], moderate)[0], rtol=1e-15)


def test_what_is_no_product_of_two_is_left() -> None:
    for root in (add(EXP, SIGMOID), mul(A, EXP), div(SIGMOID, EXP), mul(EXP, node("exp", mul(B, X)))):
        assert not list(Exponentials.below(root).products(root))


@pytest.mark.parametrize(
    "expression",
    [
        "exp(b*x)/(1 + exp(a*x))",
        "x*exp(b*x)/cosh(a*x)",
        "x*exp(b*x)/(exp(a*x) + exp(-a*x))",
        "softplus(-a*x)*exp(b*x)",
        "sigmoid(a*x)**2*exp(b*x)",
        "sinh(a*x)*exp(-b*x)",
        "(exp(a*x) + exp(-a*x))/(exp(b*x) + exp(-b*x))",
        "(exp(a*x) - 1)/(exp(b*x) + 1)",
        "x*sigmoid(a*x)*exp(-x**2/b)",
    ],
)
def test_a_program_is_right_where_one_overflows_and_another_vanishes(expression: str) -> None:
    found = unit(spec(f"parameters: {{a: 1, b: 0.5}}\nexpression: {expression}"))
    (output,) = found.derivation.outputs
    rng = np.random.default_rng(20251128)
    size = 300
    columns = {
        "x": rng.choice([-1.0, 1.0], size) * 10.0 ** rng.uniform(1, 5, size),
        "a": rng.uniform(-2.5, 2.5, size),
        "b": rng.uniform(-2.5, 2.5, size),
    }
    translate = Translator()
    (piece,) = [p for p in output.pieces if not p.is_limit]
    exact = truths([translate(e) for e in (piece.value, *piece.partials.values())], columns)
    values = evaluate_nodes(list(found.program.roots()), columns)
    for value, truth in zip(values, exact, strict=True):
        normal = (np.abs(truth) > 1e-290) & (np.abs(truth) < 1e290)
        assert normal.sum() > 10
        assert np.isinf(truth).any()
        assert (truth == 0).any()
        np.testing.assert_allclose(value[normal], truth[normal], rtol=1e-10)
        np.testing.assert_array_equal(value[np.isinf(truth)], truth[np.isinf(truth)])
        np.testing.assert_array_equal(value[truth == 0], 0)
