"""Boxes of complex numbers: what holds for each point of a box, and how narrow it is."""

import flint
import mpmath as mp
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from actgen.analysis.evaluation import complex_value
from actgen.analysis.numbers import exactly
from actgen.analysis.quadrature import Part, expectation
from actgen.symbolic.functions import RealPow

X = sp.Symbol("x", real=True)
unit = st.floats(-1, 1)


@pytest.fixture(autouse=True)
def precision():
    with flint.ctx.workprec(128), mp.workdps(30):
        yield


def box(real, imag, radius):
    return flint.acb(flint.arb(real, radius), flint.arb(imag, radius))


def holds(found, point):
    re, im = flint.arb(mp.nstr(point.real, 25)), flint.arb(mp.nstr(point.imag, 25))
    rounding = flint.arb(0, 1e-15 * (1 + abs(complex(point))))
    return found.real.overlaps(re + rounding) and found.imag.overlaps(im + rounding)


@given(st.floats(-30, 30), st.floats(-3, 3), st.floats(1e-6, 2), unit, unit)
@settings(deadline=None)
def test_asinh_of_a_point_lies_in_that_of_its_box(real, imag, radius, a, b):
    found = complex_value("asinh", (box(real, imag, radius),), True)
    if found.is_finite():
        assert holds(found, mp.asinh(mp.mpc(real + a * radius, imag + b * radius)))


def test_asinh_of_a_wide_box_is_narrow():
    found = complex_value("asinh", (box(60, 0, 2),), True)
    assert float(found.real.rad()) < 0.1


@given(st.floats(0.1, 3).filter(lambda p: p != round(p)), st.floats(1e-6, 1), unit, st.floats(0, 1))
@settings(deadline=None)
def test_a_power_is_enclosed_around_its_branch_point(exponent, radius, imag, real):
    power = flint.acb(flint.arb(exponent))
    around = box(radius, 0, 1.25 * radius)
    assert not complex_value("pow", (around, power), True).is_finite()
    point = mp.mpc(2 * radius * real, radius * imag)
    assert holds(complex_value("pow", (around, power), False), point**exponent)


@pytest.mark.parametrize(
    ("value", "reference"),
    [
        (sp.asinh(3 * X) ** 2, lambda z: mp.asinh(3 * z) ** 2),
        (sp.asinh(20 * X) ** 2, lambda z: mp.asinh(20 * z) ** 2),
        (sp.asinh(2 * X - 5), lambda z: mp.asinh(2 * z - 5)),
    ],
)
def test_averages_beside_branch_points(value, reference):
    whole = [Part(exactly(-sp.oo), exactly(sp.oo), value)]
    found = expectation(whole, X)
    exact = mp.quad(lambda z: reference(z) * mp.npdf(z), [-14, -6, -1, -0.2, 0, 0.2, 1, 2, 3, 6, 14])
    assert found.overlaps(flint.arb(mp.nstr(exact, 20)) + flint.arb(0, 1e-18))
    assert float(found.rad()) < 1e-20


def test_a_root_that_sympy_does_not_know_is_averaged_from_its_branch_point():
    half_line = [
        Part(exactly(-sp.oo), exactly(sp.S.Zero), sp.S.Zero),
        Part(exactly(sp.S.Zero), exactly(sp.oo), RealPow(X, sp.Rational(7, 5))),
    ]
    found = expectation(half_line, X)
    exact = mp.quad(lambda z: z ** mp.mpf("1.4") * mp.npdf(z), [0, 1e-4, 0.1, 1, 3, 6, 14])
    assert found.overlaps(flint.arb(mp.nstr(exact, 14)) + flint.arb(0, 1e-12))
    assert float(found.rad()) < 1e-20
