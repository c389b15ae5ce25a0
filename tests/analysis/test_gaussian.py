"""Closed forms of Gaussian integrals, against mpmath's quadrature."""

import mpmath as mp
import pytest
import sympy as sp
from analysed import gaussian
from hypothesis import given, settings
from hypothesis import strategies as st

from actgen.analysis.gaussian import Stretch, moment

X = sp.Symbol("x", real=True)
ALPHA, THETA = sp.symbols("alpha theta", real=True)
WHOLE = (-sp.oo, sp.oo)
small = st.fractions(min_value=-2, max_value=2, max_denominator=8)


def reference(value, low, high, power=1):
    function = sp.lambdify(X, sp.sympify(value) ** power, "mpmath")
    with mp.workdps(30):
        low, high = (mp.mpf(f"{sp.N(end, 30)}".replace("oo", "inf")) for end in (low, high))
        inside = tuple(end for end in (low, high) if mp.isfinite(end))
        return gaussian(lambda z: function(z) if low < z < high else mp.mpf(0), inside)


def close(found, expected):
    with mp.workdps(30):
        return abs(mp.mpf(str(sp.N(found, 30))) - expected) < mp.mpf(10) ** -18 * (1 + abs(expected))


@settings(max_examples=25, deadline=None)
@given(n=st.integers(0, 6), a=small, low=small, width=st.fractions(0, 3, max_denominator=8))
def test_polynomial_times_exponential_on_an_interval(n, a, low, width):
    low, high, a = sp.Rational(low), sp.Rational(low + width), sp.Rational(a)
    value = X**n * sp.exp(a * X)
    found = moment([Stretch(low, high, value)], 1, X)
    assert close(found, reference(value, low, high))


@settings(max_examples=15, deadline=None)
@given(n=st.integers(0, 4), a=small, omega=small, phase=small)
def test_oscillating_terms_on_the_whole_line(n, a, omega, phase):
    value = X**n * sp.exp(sp.Rational(a) * X) * sp.cos(sp.Rational(omega) * X + sp.Rational(phase))
    found = moment([Stretch(*WHOLE, value)], 1, X)
    assert close(found, reference(value, *WHOLE))


@pytest.mark.parametrize("power", [1, 2])
@pytest.mark.parametrize(
    "value",
    [
        X * sp.exp(-(X**2)),
        X**2 * sp.exp(-(X**2) / 2 + X / 3),
        X * (1 + sp.erf(X / sp.sqrt(2))) / 2,
        X**3 * sp.erf(X / 2) + 1,
        sp.exp(X / 2) * sp.erf(X),
        X + sp.sin(X) ** 2,
        sp.sinh(X) * X,
    ],
)
def test_functions_on_the_whole_line(value, power):
    found = moment([Stretch(*WHOLE, value)], power, X)
    if found is None:  # a square of error functions under an exponential has no rule
        assert value.has(sp.exp) and value.has(sp.erf) and power == 2
    else:
        assert close(found, reference(value, *WHOLE, power))


def test_a_root_on_the_half_line():
    found = moment([Stretch(sp.S.Zero, sp.oo, sp.sqrt(X))], 1, X)
    assert close(found, reference(sp.sqrt(X), 0, sp.oo))


def test_forms_keep_parameters_and_learned_breakpoints():
    pieces = [Stretch(THETA, sp.oo, X), Stretch(-sp.oo, THETA, ALPHA * (sp.exp(X) - 1))]
    found = moment(pieces, 1, X)
    assert found.free_symbols == {ALPHA, THETA}
    at = {ALPHA: sp.Rational(3, 4), THETA: sp.Rational(1, 3)}
    with mp.workdps(30):
        expected = reference(X, at[THETA], sp.oo) + reference(at[ALPHA] * (sp.exp(X) - 1), -sp.oo, at[THETA])
    assert close(found.subs(at), expected)


@pytest.mark.parametrize("value", [sp.exp(X**2), 1 / X, sp.tanh(X), sp.log(1 + sp.exp(X)), sp.exp(X**4)])
def test_what_has_no_rule_is_none(value):
    assert moment([Stretch(*WHOLE, value)], 1, X) is None
