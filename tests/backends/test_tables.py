"""Coefficients of polynomials as named constants: one for each list, and laid out so that a formatter leaves them."""

from __future__ import annotations

import subprocess
import sys

import pytest
import sympy as sp

from actgen.backends.tables import coefficient_names, table_lines
from actgen.program.program import Node, arg, node, polynomial

X, Y = arg("x"), arg("y")
THIRDS = [sp.Rational(1, 3), sp.Rational(-2, 3), sp.Integer(1), sp.Rational(4, 3)]


def named(*roots: Node) -> list[str]:
    return list(coefficient_names(roots).values())


def test_equal_coefficients_share_a_name() -> None:
    first, second = polynomial(X, THIRDS, "sin_over_u"), polynomial(Y, THIRDS, "sin_over_u")
    assert named(node("add", first, second), first) == ["_SIN_OVER_U"]


def test_other_coefficients_get_another_name() -> None:
    roots = [polynomial(X, [*THIRDS, k], "near") for k in (1, 2, 3)]
    assert named(*roots) == ["_NEAR", "_NEAR_2", "_NEAR_3"]


def test_no_polynomial_no_constants() -> None:
    assert table_lines(coefficient_names([node("exp", X)])) == []


@pytest.mark.parametrize("terms", [4, 30])
@pytest.mark.parametrize("width", [88, 120])
def test_constants_read_back_and_stay_as_the_formatter_leaves_them(terms: int, width: int) -> None:
    coefficients = [sp.Rational(1, 3 * k + 1) / 7 ** (k % 5) for k in range(terms)]
    text = "\n".join(table_lines(coefficient_names([polynomial(X, coefficients, "c")]), width)) + "\n"
    assert max(map(len, text.split("\n"))) <= width
    space: dict[str, tuple[float, ...]] = {}
    exec(text, space)
    assert space["_C"] == tuple(int(c.p) / int(c.q) for c in coefficients)
    command = [sys.executable, "-m", "ruff", "format", "--check", "--isolated", "--line-length", str(width), "-"]
    assert subprocess.run(command, input=text, text=True, capture_output=True).returncode == 0
