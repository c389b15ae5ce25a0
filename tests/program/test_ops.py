"""The op table, and that the reference semantics in floats and in balls are the same functions."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from actgen.program.balls import ARB_OPS
from actgen.program.build import horner, where
from actgen.program.evaluate import NUMPY_OPS, evaluate_nodes
from actgen.program.ops import OPS, Kind
from actgen.program.program import arg, const, node, polynomial, rewrite, topological
from actgen.program.truth import truths

_STRUCTURAL = {"arg", "const"}
_SELECTS = {"where"}


def test_every_op_has_reference_semantics() -> None:
    assert set(NUMPY_OPS) == set(OPS) - _STRUCTURAL
    assert set(ARB_OPS) == set(OPS) - _STRUCTURAL


@pytest.mark.parametrize("name", sorted(n for n in set(ARB_OPS) - _SELECTS if OPS[n].kind is Kind.REAL))
def test_floats_agree_with_balls(name: str) -> None:
    values = np.array([0.1, 0.45, 0.8, 1.3, 2.5])
    if name == "acosh":
        values = values + 1
    if name in ("asin", "acos", "atanh"):
        values = values / 3
    operands = [arg("a"), const(3) if name == "powi" else arg("b")]
    if name == "polygamma":
        operands = [const(1), arg("a")]
    root = node(name, *operands[: OPS[name].arity])
    if name == "poly":
        root = polynomial(arg("a"), (0.7, -2, 0, 1.1), "probe")
    columns = {"a": values, "b": values[::-1] + 0.25}
    (found,) = evaluate_nodes([root], columns)
    np.testing.assert_allclose(found, truths([root], columns)[0], rtol=1e-13)


@pytest.mark.parametrize("name", sorted(n for n in ARB_OPS if OPS[n].kind is Kind.BOOL))
def test_conditions_on_floats_agree_with_those_on_balls(name: str) -> None:
    a, b = arg("a"), arg("b")
    operands = [a, b] if name not in ("and", "or", "not") else [node("lt", a, b), node("eq", a, const(2))]
    root = where(node(name, *operands[: OPS[name].arity]), const(1), const(-1))
    columns = {"a": np.array([1.0, 2.0, 2.0, 3.0]), "b": np.array([2.0, 2.0, 3.0, 1.0])}
    (found,) = evaluate_nodes([root], columns)
    np.testing.assert_array_equal(found, truths([root], columns)[0])


def test_nodes_are_shared() -> None:
    assert node("mul", arg("x"), const(2)) is node("mul", arg("x"), const(2))
    assert const(0.5) is const(0.5)
    assert const(0.5) is not const(1)


def test_rewriting_keeps_what_it_does_not_touch() -> None:
    x = arg("x")
    root = node("add", node("sin", x), node("exp", x))
    new = rewrite([root], lambda n: node("cos", *n.args) if n.op == "sin" else n)
    assert new[root] is node("add", node("cos", x), node("exp", x))
    assert new[node("exp", x)] is node("exp", x)


def test_operands_come_before_users() -> None:
    x = arg("x")
    root = node("add", node("sin", x), node("sin", x))
    order = list(topological([root]))
    assert order == [x, node("sin", x), root]


@pytest.mark.parametrize(("value", "text"), [(float("inf"), "inf"), (float("-inf"), "-inf"), (0.1, "0.1")])
def test_constants_keep_their_float(value: float, text: str) -> None:
    assert repr(const(value).value) == text


def test_long_polynomials_are_one_op_and_short_ones_plain_arithmetic() -> None:
    x, third = arg("x"), sp.Rational(1, 3)
    assert horner([1, third, third, 2], x, "c") is polynomial(x, (1, third, third, 2), "c")
    assert horner([1, third], x, "c") is node("add", const(1), node("mul", const(third), x))
    assert horner([0, 1, third, third, 2], x, "c") is node("mul", x, polynomial(x, (1, third, third, 2), "c"))
    even = polynomial(node("powi", x, const(2)), (1, third, third, 2), "c")
    assert horner([1, 0, third, 0, third, 0, 2], x, "c") is even
    assert horner([0, 1, 0, third, 0, third, 0, 2], x, "c") is node("mul", x, even)
