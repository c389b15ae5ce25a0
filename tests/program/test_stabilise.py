"""Every rule keeps the function, does what it claims on its example, and helps where its reason says."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.stabilise import RULES, stabilised
from actgen.program.program import Node
from actgen.program.rules.differences import SignedDifference, SlopeDifference
from actgen.program.rules.rule import Rule, U, V
from actgen.program.stable import compared
from actgen.program.translate import Translator
from actgen.program.truth import truths
from actgen.symbolic.functions import Cbrt

EVERY = (*RULES, SignedDifference(), SlopeDifference())
POINTS = [-30.0, -3.7, -0.6, -1e-6, 1e-6, 0.4, 2.9, 25.0]


def table(expression: sp.Expr) -> list[float]:
    u = np.array([p for p in POINTS for _ in POINTS])
    v = np.array(POINTS * len(POINTS))
    node: Node = Translator()(expression)
    return list(truths([node], {"u": u, "v": v})[0])


def assert_same(before: sp.Expr, after: sp.Expr) -> None:
    """Equal wherever balls decide both; a difference that is exactly 0 is never decided."""
    pairs = zip(table(before), table(after), strict=True)
    decided = [(a, b) for a, b in pairs if not np.isnan(a) and not np.isnan(b)]
    assert len(decided) >= len(POINTS)
    for a, b in decided:
        assert a == pytest.approx(b, rel=1e-14, abs=1e-300)


@pytest.mark.parametrize("rule", EVERY, ids=lambda r: r.name)
def test_the_example_is_what_the_rule_does(rule: Rule) -> None:
    assert rule.reason
    assert rule.apply(rule.before) is not None
    assert_same(rule.after, stabilised(rule.before))


@pytest.mark.parametrize("rule", EVERY, ids=lambda r: r.name)
def test_the_rule_keeps_the_function(rule: Rule) -> None:
    assert_same(rule.before, rule.after)


def test_cube_roots_of_conjugates_are_added_without_cancelling() -> None:
    root = sp.sqrt(1 + U**2 / 4)
    before = Cbrt(U / 2 + root) + Cbrt(U / 2 - root)
    after = stabilised(before)
    u = np.array([-1e12, -3.0, -1e-9, 1e-200, 2.5, 1e12])
    assert evaluate_nodes([Translator()(after)], {"u": u})[0] == pytest.approx(
        truths([Translator()(before)], {"u": u})[0], rel=1e-15, abs=0
    )


def test_nothing_is_rewritten_without_need() -> None:
    u = sp.Symbol("u", real=True)
    for expression in (u + 1, sp.sin(u) * u, sp.exp(u) + 1, sp.sqrt(1 + u**2)):
        assert stabilised(expression) == expression


def test_a_test_of_a_difference_reads_as_a_comparison() -> None:
    x, k = sp.symbols("x k", real=True)
    assert compared(x - 64) == (64, x)
    assert compared(x - k) == (k, x)
    assert compared(x + 1) == (-1, x)
    assert compared(-x) == (x, 0)
    assert compared(sp.log(2) - x) == (x, sp.log(2))
    assert compared(1 - x**2) == (x**2, 1)
    assert compared(-x - k) == (k + x, 0)
    assert compared(x * k - x) == (x, x * k)
    assert compared(x**2 - k**2) == (0, x**2 - k**2)


def test_a_logarithm_of_a_multiple_of_an_exponential_neither_overflows_nor_cancels() -> None:
    u, v = (np.array(column) for column in ([710.0, 710.0, 1e-8, 30.0, 300.0], [0.125, 1e-9, 1e-8, 1e-9, 1e-9]))
    root = Translator()(stabilised(sp.log(1 + sp.exp(U) * sp.tanh(V * U))))
    (found,), (exact,) = evaluate_nodes([root], {"u": u, "v": v}), truths([root], {"u": u, "v": v})
    np.testing.assert_allclose(found, exact, rtol=1e-14)
