"""Forms in which the limits of saturating functions have cancelled."""

from __future__ import annotations

import sympy as sp
from mpmath import mp

from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.reflect import logistic, reflected
from actgen.program.translate import Translator
from actgen.symbolic.functions import RealPow

x, p = sp.Symbol("x", real=True), sp.Symbol("p", real=True)


def computed(expression: sp.Expr, **at: float) -> float:
    return float(evaluate_nodes([Translator()(expression)], at)[0])


def test_linear_parts_cancel() -> None:
    clipped = sp.log((1 + sp.exp(p * x)) / (1 + sp.exp(p * (x - 1)))) / p
    slope = reflected(sp.diff(logistic(clipped), p))
    assert slope is not None
    with mp.workdps(120):
        exact = mp.diff(lambda q: mp.log((1 + mp.exp(9 * q)) / (1 + mp.exp(8 * q))) / q, mp.mpf(5))
    assert abs(computed(slope, x=9.0, p=5.0) / float(exact) - 1) < 1e-12


def test_powers_of_positive_bases_take_part() -> None:
    squashed = x / RealPow(1 + RealPow(x, p), 1 / p)
    slope = reflected(sp.diff(logistic(squashed), p), {x})
    assert slope is not None
    with mp.workdps(120):
        exact = mp.diff(lambda q: 700 / (1 + mp.mpf(700) ** q) ** (1 / q), mp.mpf(3))
    assert abs(computed(slope, x=700.0, p=3.0) / float(exact) - 1) < 1e-12


def test_the_other_half_of_erfc() -> None:
    found = reflected(sp.log(sp.erfc(x) / 2))
    assert found is not None
    with mp.workdps(60):
        exact = mp.log1p(-mp.erfc(mp.mpf(7)) / 2)
    assert abs(computed(found, x=-7.0) / float(exact) - 1) < 1e-13


def test_nothing_to_reflect() -> None:
    assert reflected(x**2 + 1) is None


def test_a_root_of_one_plus_a_power() -> None:
    norm = reflected(x / RealPow(1 + RealPow(x, p), 1 / p), {x})
    assert norm is not None
    for size, power in ((1e300, 8.0), (10793.75, 1.0000001), (0.3, 2.0)):
        with mp.workdps(60):
            exact = size / (1 + mp.mpf(size) ** power) ** (1 / mp.mpf(power))
        assert abs(computed(norm, x=size, p=power) / float(exact) - 1) < 1e-14
