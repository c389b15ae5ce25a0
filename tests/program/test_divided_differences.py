"""Divided differences of exponentials keep their digits where the rates are nearly equal."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from spec_units import spec, unit

from actgen.program.evaluate import evaluate_nodes
from actgen.program.rules.divided_differences import with_divided_differences
from actgen.program.stable import Expm1
from actgen.program.translate import Translator
from actgen.program.truth import truths

x, a, b = sp.symbols("x a b", real=True)
_APART = [2.0**-50, 1e-12, 1e-6, 1e-3, 0.3, 2.0]


@pytest.mark.parametrize("body", ["(exp(-a*x) - exp(-x))/(1 - a)", "(exp(a*x) - exp(2*x))/(a - 2) + x"])
def test_nearly_equal_rates(body: str) -> None:
    program = unit(spec(f"parameters: {{a: 1.5}}\nexpression: {body}\n")).program
    other = 2.0 if body.endswith("x") else 1.0
    grid = np.meshgrid([-5.0, -0.3, 1e-7, 0.2, 3.0, 40.0], [*_APART, *(-d for d in _APART)])
    sizes, apart = (column.ravel() for column in grid)
    columns: dict[str, np.ndarray] = {"x": sizes, "a": other + apart}
    plain = sp.sympify(body, locals={"x": x, "a": a})
    for slope, root in zip((plain, sp.diff(plain, x), sp.diff(plain, a)), program.roots(), strict=True):
        (exact,), (found,) = truths([Translator()(slope)], columns), evaluate_nodes([root], columns)
        np.testing.assert_allclose(found, exact, rtol=2e-12)


def test_only_what_is_divided_by_counts() -> None:
    over = (sp.exp(a * x) - sp.exp(b * x)) / (a - b)
    assert with_divided_differences(over).has(Expm1)
    for e in (sp.exp(a * x) - sp.exp(b * x), (sp.exp(a * x) - sp.exp(b * x)) / (a + b), over * (a - b)):
        assert with_divided_differences(e) == e
