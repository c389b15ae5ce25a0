"""Polynomials of a patch whose coefficients hold parameters."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.near import polynomial
from actgen.program.program import arg, const, node


@pytest.mark.parametrize("name", ["d", "q", "offset", "x"])
def test_a_parameter_of_any_name_stays_itself(name: str) -> None:
    a = sp.Symbol(name, real=True)
    offset = node("div", const(1), arg("y"))
    found = polynomial((sp.Integer(1), 2 * a, a**2), offset, "probe")
    (value,) = evaluate_nodes([found], {name: np.array([3.0]), "y": np.array([4.0])})
    assert value == pytest.approx((1 + 3.0 / 4) ** 2)
