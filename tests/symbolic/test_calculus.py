"""Derivatives of quantities without inputs, as |s|."""

from __future__ import annotations

import sympy as sp

from actgen.symbolic.calculus import partial
from actgen.symbolic.functions import Magnitude, Signum

x, s = sp.symbols("x s", real=True)


def test_the_sign_of_a_factor_makes_it_its_magnitude() -> None:
    assert partial(s * x / (1 + x * Magnitude(s)), s) == (
        x / (1 + x * Magnitude(s)) - x**2 * Magnitude(s) / (1 + x * Magnitude(s)) ** 2
    )
    assert partial(sp.log(Magnitude(s)), s) == Signum(s) / Magnitude(s)


def test_a_sign_beside_something_else_stays() -> None:
    assert partial(x * Magnitude(s), s) == x * Signum(s)
    assert partial(Magnitude(s - 1) * s, s) == s * Signum(s - 1) + Magnitude(s - 1)
