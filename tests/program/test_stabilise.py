"""Every rule keeps the function, does what it claims on its example, and helps where its reason says."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from actgen.program.passes.stabilise import RULES, stabilised
from actgen.program.program import Node
from actgen.program.rules.rule import Rule
from actgen.program.translate import Translator
from actgen.program.truth import truths

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


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_the_example_is_what_the_rule_does(rule: Rule) -> None:
    assert rule.reason
    assert rule.apply(rule.before) is not None
    assert_same(rule.after, stabilised(rule.before))


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_the_rule_keeps_the_function(rule: Rule) -> None:
    assert_same(rule.before, rule.after)


def test_nothing_is_rewritten_without_need() -> None:
    u = sp.Symbol("u", real=True)
    for expression in (u + 1, sp.sin(u) * u, sp.exp(u) + 1, sp.sqrt(1 + u**2)):
        assert stabilised(expression) == expression
