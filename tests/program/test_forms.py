"""Candidate forms."""

from __future__ import annotations

import sympy as sp

from actgen.program.forms import over_shared_powers
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
