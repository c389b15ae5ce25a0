"""Singularities at which parameters meet, beside numbers that are no polynomial's coefficients to SymPy."""

from __future__ import annotations

import pytest
import sympy as sp

from actgen.symbolic.joint import joint_singularities

x, a, b = sp.symbols("x a b", real=True)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ((sp.exp(a * x) - sp.exp(b * x)) / (a - b), [a - b]),
        (x / (a - b), []),
        (x / sp.sqrt(1 - 1 / sp.pi), []),
        (x / (x - 1 / sp.pi) + x / (x**2 + sp.exp(-1)), []),
        (x / (a - b + 1 / sp.pi), []),
        (sp.sin(x * (sp.pi * a - b)) / (sp.pi * a - b), [sp.pi * a - b]),
    ],
)
def test_what_parameters_bring_to_zero_together(value: sp.Expr, found: list[sp.Expr]) -> None:
    assert list(joint_singularities(value, {a, b})) == found
