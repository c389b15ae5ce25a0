"""Candidate forms."""

from __future__ import annotations

import numpy as np
import sympy as sp

from actgen.program.forms import Score, over_shared_powers, score
from actgen.program.program import Node, arg, const, node
from actgen.symbolic.functions import RealPow

X, P = sp.symbols("x p", real=True)


def test_a_derivative_holds_its_power_once() -> None:
    power = RealPow(1 + X**2, P)
    slope = over_shared_powers(sp.diff(power, X) + sp.diff(power, P))
    assert len(slope.atoms(RealPow)) == 1
    at = {X: sp.Rational(3, 2), P: sp.Rational(-5, 2)}
    direct = (sp.diff((1 + X**2) ** P, X) + sp.diff((1 + X**2) ** P, P)).subs(at)
    assert abs(sp.N(slope.replace(RealPow, sp.Pow).subs(at) - direct, 30, maxn=60)) < sp.Float("1e-25")


def test_what_has_one_power_stays() -> None:
    single = RealPow(X, P) * X
    assert over_shared_powers(single) == single


def test_a_digit_more_is_not_worth_twice_the_text() -> None:
    exact, near, coarse = (np.array([1 + error]) for error in (0, 2.0**-47.5, 2.0**-30))
    x = arg("x")
    short = node("exp", x)
    long = node("add", short, node("mul", x, node("sin", node("mul", const(3), x))))

    def measured(value: np.ndarray, form: Node) -> Score:
        return score(value, exact, form, np.array([False]), 0, 0)

    assert measured(near, short) < measured(exact, long) < measured(coarse, short)
