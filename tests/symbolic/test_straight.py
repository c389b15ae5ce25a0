"""Comparisons with rational functions, as comparisons of the input."""

from __future__ import annotations

import pytest
import sympy as sp

from actgen.symbolic.straight import straightened

X, A = sp.symbols("x a", real=True)


@pytest.mark.parametrize(
    ("curved", "line"),
    [
        (X * (27 + X**2) / (27 + 9 * X**2) + 1, X + 3),
        (1 - X * (27 + X**2) / (27 + 9 * X**2), 3 - X),
        (-(X**3) - 1, -X - 1),
        ((2 * X - 1) * (X**2 + 1) / (-1 - X**4), 1 - 2 * X),
    ],
)
def test_one_zero_that_is_crossed_decides(curved: sp.Expr, line: sp.Expr) -> None:
    assert sp.expand(straightened(sp.expand(curved)) - line) == 0


@pytest.mark.parametrize("kept", [X, X - 1, X**2 - 1, 1 / X - 1, (X - 1) ** 2, X**3 - 2, A * X**3, sp.exp(X) - 1])
def test_everything_else_is_compared_as_it_stands(kept: sp.Expr) -> None:
    assert straightened(kept) == kept
