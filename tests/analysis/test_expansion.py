"""Limits and signs near an end, against mpmath far out and against what is known."""

import mpmath as mp
import pytest
import sympy as sp

from actgen.analysis.expansion import End, expanded
from actgen.analysis.quantity import working_precision
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.calculus import elementary
from actgen.symbolic.functions import Sigmoid, Softplus

X = sp.Symbol("x", real=True)
OO = sp.oo


@pytest.mark.parametrize(
    ("value", "place", "side", "limit", "sign"),
    [
        (X * Sigmoid(X), -OO, 0, 0, -1),
        (X * (1 + sp.erf(X / sp.sqrt(2))) / 2, -OO, 0, 0, -1),
        (sp.tanh(X) - 1, OO, 0, 0, -1),
        (Softplus(X) - X, OO, 0, 0, 1),
        (X / (1 + sp.Abs(sp.Integer(1)) * X), OO, 0, 1, 1),
        (sp.atan(X) + sp.pi / 2, -OO, 0, 0, 1),
        (X**3 * sp.exp(-X), OO, 0, 0, 1),
        (sp.exp(-sp.exp(-X)), -OO, 0, 0, 1),
        (sp.log(X) / X, OO, 0, 0, 1),
        (sp.sqrt(X**2 + 1) - X, OO, 0, 0, 1),
        (sp.loggamma(X) - X, OO, 0, OO, 1),
        (sp.sin(X) / X, sp.S.Zero, 1, 1, 1),
        (1 / X, sp.S.Zero, -1, -OO, -1),
        (X * sp.log(X), sp.S.Zero, 1, 0, -1),
        (sp.exp(-1 / X), sp.S.Zero, 1, 0, 1),
        (sp.asin(X) - sp.pi / 2, sp.S.One, -1, 0, -1),
        (sp.tan(X), sp.pi / 2, 1, -OO, -1),
        (sp.log(1 - sp.exp(-X)), OO, 0, 0, -1),
    ],
)
def test_limits_and_signs(value, place, side, limit, sign):
    with working_precision():
        found = proved(value, place, side)
    assert found.limit() == limit
    assert found.sign() == sign
    at = reached(found.start, place, side)
    assert mp.sign(sp.lambdify(X, elementary(value), "mpmath")(at)) == sign


def proved(value, place, side):
    for start in (8, 16, 32, 64, 128):
        try:
            found = expanded(value, X, End(place, side), start)
            found.sign()
        except UndecidedError:
            continue
        return found
    raise AssertionError("no start was late enough")


def reached(start, place, side):
    mp.mp.dps = 60
    if place in (OO, -OO):
        return mp.mpf(start if place == OO else -start)
    return mp.mpf(str(sp.N(place, 60))) + mp.mpf(side) / start


@pytest.mark.parametrize("value", [sp.sin(X), sp.cos(X) * sp.exp(-X), X * sp.sin(X)])
def test_what_oscillates_has_no_sign(value):
    with working_precision(), pytest.raises(UndecidedError):
        expanded(value, X, End(OO), 64).sign()


@pytest.mark.parametrize(
    "value", [sp.atan(X), Softplus(-X), sp.erf(X), sp.loggamma(X), sp.sqrt(1 + X**2), sp.tanh(X / 3)]
)
def test_remainders_hold_beyond_the_start(value):
    """The terms and the bound of the rest enclose the function at several places."""
    mp.mp.dps = 60
    with working_precision():
        series = expanded(value, X, End(OO), 16)
        for t in (16, 23, 57, 400):
            exact = mp.mpf(str(sp.N(elementary(value).subs(X, t), 60)))
            total = sum((mp.mpf(str(sp.N(c, 60))) * size(m, t) for c, m in series.terms), mp.mpf(0))
            bound = (
                mp.mpf(0)
                if series.rest is None
                else mp.mpf(series.rest.size.str(20, radius=False)) * size(series.rest.monomial, t)
            )
            assert abs(exact - total) <= bound * (1 + mp.mpf(10) ** -15) + mp.mpf(10) ** -50


def size(m, t):
    total = mp.mpf(t) ** mp.mpf(str(sp.N(m.power, 40))) * mp.log(t) ** m.logs
    return total * mp.exp(sum((mp.mpf(str(sp.N(c, 40))) * size(n, t) for c, n in m.exponent), mp.mpf(0)))
