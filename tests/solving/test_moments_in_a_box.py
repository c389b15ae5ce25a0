"""Moments without a closed form that are no polynomials in the parameters: isolated in a box, against mpmath."""

import flint
import mpmath as mp
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from solved_specs import DIGITS, gaussian, is_near, one, outcome, several, spec

from actgen.solving.average import Average
from actgen.solving.balls import enclosure
from actgen.solving.growth import tail_size
from actgen.solving.solution import ManySolutions, NoSolution
from actgen.solving.spread import ordered
from actgen.symbolic.functions import Sigmoid, Softplus

X, B = sp.symbols("x b", real=True)
GROWING = (
    X * Sigmoid(B * X),
    Softplus(B * X) ** 2,
    sp.exp(B * X),
    sp.exp(-B * X**2) * X**3,
    sp.log(1 + sp.exp(X)) / (1 + X**2),
    sp.sqrt(1 + X**2) - sp.tanh(B * X),
    sp.sinh(X) * sp.erfc(X),
    X**2 / (1 + sp.exp(-B * X)),
    sp.log(sp.cosh(B * X)),
    sp.sqrt(X**2 + B**2),
    sp.asinh(B * X) / sp.sqrt(1 + X**2),
)


@pytest.fixture(autouse=True)
def digits():
    with mp.workdps(DIGITS + 5):
        yield


def swish(scale, beta):
    return lambda z: scale * z / (1 + mp.exp(-beta * z))


def test_scale_and_sharpness_of_swish_are_found_together():
    activation = spec("a*x*sigmoid(beta*x)", a="{init: 1, bounds: [0, .inf]}", beta="{init: 1, bounds: [0, 10]}")
    found = one(activation, "mean = 0.5, variance = 1")

    def excess(scale, beta):
        mean = gaussian(swish(scale, beta))
        return mean - mp.mpf("0.5"), gaussian(lambda z: swish(scale, beta)(z) ** 2) - mean**2 - 1

    scale, beta = mp.findroot(excess, (1.7, 1.8))
    assert is_near(found["a"], scale)
    assert is_near(found["beta"], beta)


def test_gain_and_slope_of_tanh_are_found_together():
    activation = spec("a*tanh(b*x)", a="{init: 1, bounds: [0.1, 10]}", b="{init: 1, bounds: [0.1, 10]}")
    found = one(activation, "variance = 1, f'(0) = 2")
    b = mp.findroot(lambda b: gaussian(lambda z: (2 / b * mp.tanh(b * z)) ** 2) - 1, 1.4)
    assert is_near(found["b"], b)
    assert is_near(found["a"], 2 / b)


def test_three_parameters_of_a_softplus_are_standardised():
    activation = spec(
        "a*softplus(b*x) + c",
        a="{init: 1, bounds: [0, .inf]}",
        b="{init: 1, bounds: [0.5, 2]}",
        c="0",
    )
    found = one(activation, "mean = 0, variance = 1, f(0) = -1/4")
    a, b, c = (mp.mpf(found[name].decimal) for name in "abc")
    f = lambda z: a * mp.log1p(mp.exp(b * z)) + c  # noqa: E731
    assert abs(gaussian(f)) < mp.mpf(10) ** -25
    assert abs(gaussian(lambda z: f(z) ** 2) - 1) < mp.mpf(10) ** -25
    assert abs(f(0) + mp.mpf(1) / 4) < mp.mpf(10) ** -25


def test_an_even_moment_has_a_sharpness_of_each_sign():
    found = several(spec("tanh(b*x)", b="1"), "variance = 0.5")
    reference = mp.findroot(lambda b: gaussian(lambda z: mp.tanh(b * z) ** 2) - mp.mpf("0.5"), 1.3)
    assert is_near(found[0]["b"], -reference)
    assert is_near(found[1]["b"], reference)


def test_softplus_word_for_word_has_a_sharpness_of_each_sign():
    found = several(spec("log(1 + exp(a*x)) - b", a=1, b=0), "f(0) = 0, slope_moment = 1/2")
    a = mp.findroot(lambda a: gaussian(lambda z: (a / (1 + mp.exp(-a * z))) ** 2) - mp.mpf("0.5"), 1.3)
    assert is_near(found[0]["a"], -a)
    assert is_near(found[1]["a"], a)
    assert all(is_near(values["b"], mp.log(2)) for values in found)


def test_the_branch_points_of_asinh_do_not_hinder():
    found = one(spec("asinh(a*x)/a", a="{init: 1, bounds: [0.5, 20]}"), "variance = 1/4")
    reference = mp.findroot(lambda a: gaussian(lambda z: (mp.asinh(a * z) / a) ** 2) - mp.mpf("0.25"), 3.3)
    assert is_near(found["a"], reference)


def test_a_constant_in_closed_form():
    found = several(spec("exp(a*x) - b", a=0.5, b=1), "mean = 0, variance = 1")
    assert [values["a"].exact for values in found] == [
        "-sqrt(log((1 + sqrt(5)) / 2))",
        "sqrt(log((1 + sqrt(5)) / 2))",
    ]


def test_a_mean_out_of_reach_is_refuted_in_the_box():
    found = outcome(spec("x*sigmoid(beta*x)", beta="{init: 2, bounds: [1, 3]}"), "mean = 0.5")
    assert isinstance(found, NoSolution)
    assert found.proved == "for beta in [1, 3]"


def test_a_breakpoint_between_expressions_without_closed_form():
    activation = spec("Piecewise((tanh(x), x > t), (softplus(x), True))", t="{init: 0.5, bounds: [0, 2]}")
    found = one(activation, "mean = 0.7")

    def excess(t):
        return gaussian(lambda z: mp.tanh(z) if z > t else mp.log1p(mp.exp(z)), t) - mp.mpf("0.7")

    assert is_near(found["t"], mp.findroot(excess, 1.0))


def test_fewer_requirements_than_parameters_leave_some_free():
    found = outcome(spec("softplus(b*x) - c", b="{init: 1, bounds: [0, .inf]}", c="0"), "mean = 0")
    assert isinstance(found, ManySolutions)
    (member,) = found.members
    assert member.free == ("b",)
    assert member.relations[0].value == "E[softplus(b * x)]"


@pytest.mark.parametrize("value", GROWING, ids=str)
@settings(max_examples=40, deadline=None)
@given(
    start=st.sampled_from([1.0, 8.0, 12.0]),
    beyond=st.floats(0, 30),
    b=st.floats(0.01, 3),
    width=st.floats(0, 0.5),
)
def test_no_value_far_out_is_larger_than_its_bound(value, start, beyond, b, width):
    nodes, operands = ordered(value)
    a, c, d = tail_size(nodes, operands, start, {"b": (b - width, b + width)})
    z = start + beyond
    for there in (b - width, b, b + width):
        size = abs(mp.mpf(str(sp.N(value.subs({X: sp.Rational(z), B: sp.Rational(there)}).rewrite(sp.exp), 30))))
        assert a == mp.inf or size <= mp.exp(a + c * mp.mpf(z) + d * mp.mpf(z) ** 2)


@pytest.mark.parametrize("value", GROWING[:4], ids=str)
@pytest.mark.parametrize("width", [0, 1e-9, 0.01, 0.2, 0.6])
def test_an_average_over_a_box_holds_those_inside(value, width):
    average = Average(X, value, -sp.oo, sp.oo)
    held = enclosure(average, {B: flint.arb(1, width)}, 60)
    assert held.is_finite()
    function = sp.lambdify([X, B], value.rewrite(sp.exp), "mpmath")
    for there in (1 - width, 1, 1 + width):
        reference = gaussian(lambda z, there=there: function(z, mp.mpf(there)))
        assert held.overlaps(flint.arb(str(reference)) + flint.arb(0, 1e-12))
    assert width > 0.1 or held.rad() < 10 * width + 1e-12
