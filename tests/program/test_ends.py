"""The ends of the line, in programs as a whole."""

from __future__ import annotations

import math

import numpy as np
import pytest
from spec_units import catalogue, spec, unit

from actgen.program.evaluate import evaluate_numpy
from actgen.program.passes.substitute import substituted
from actgen.program.program import arg, const, node

INF, NAN = math.inf, math.nan


def at(program, **arguments):
    outputs, partials = evaluate_numpy(program, {n: np.array([float(v)]) for n, v in arguments.items()})
    return [float(v[0]) for v in (*outputs.values(), *partials.values())]


@pytest.mark.parametrize("x", [INF, -INF])
def test_each_branch_on_a_parameter_has_limits_of_its_own(x: float) -> None:
    program = catalogue("complex_soft_exponential").program
    re, im, *_ = at(program, x=x, alpha=-0.75, phi=0.75)
    assert (re, im) == (INF, -INF)
    re, im, *_ = at(program, x=x, alpha=0.75, phi=0.75)
    limit = 0.75 * math.cos(0.75) - math.cos(0.75) / 0.75
    np.testing.assert_allclose(re, NAN if x > 0 else limit, rtol=1e-12)


def test_a_limit_at_the_largest_number_is_no_second_copy_of_the_formula() -> None:
    program = unit(spec("parameters: {a: 2}\nexpression: 'a / (1 + exp(-x)) + a**3'")).program
    assert at(program, x=INF, a=2)[0] == 10
    assert at(program, x=-INF, a=2)[0] == 8


def test_poles_beside_the_breakpoints_have_their_limit() -> None:
    program = unit(spec("expression: cbrt(x + 1) - cbrt(x - 1)")).program
    assert at(program, x=-1) == [pytest.approx(2 ** (1 / 3)), INF]
    assert at(program, x=1) == [pytest.approx(2 ** (1 / 3)), -INF]


def test_results_far_out_are_neither_lost_nor_inflated() -> None:
    program = unit(spec("parameters: {w: 1}\nexpression: (atan(x + w) - atan(x - w))/pi")).program
    x = 1e95
    _, dx, dw = at(program, x=x, w=1)
    assert dx == pytest.approx(-4 / math.pi / x / x / x, rel=1e-12, abs=0)
    assert dw == pytest.approx(2 / math.pi / x / x, rel=1e-12, abs=0)


def test_a_limit_that_moves_with_a_parameter_is_no_number_of_the_nominal_one() -> None:
    program = unit(spec("parameters: {a: 1, b: {init: 1, bounds: [0.5, 4]}}\nexpression: a * x / (b + Abs(x))")).program
    assert at(program, x=INF, a=3, b=1)[0] == 3
    assert at(program, x=-INF, a=5, b=2)[0] == -5


def test_a_limit_that_the_precision_does_not_decide_is_not_taken_for_none() -> None:
    program = unit(spec("parameters: {g: 2}\nexpression: (1 - sigmoid(x))**g * softplus(-x)")).program
    assert at(program, x=INF, g=2) == [0, 0, 0]


def test_an_infinite_limit_takes_the_sign_that_the_parameters_give_it() -> None:
    program = unit(
        spec("parameters: {a: 0.2, b: -0.1}\nexpression: Max(0, x) + a*Max(0, -x) + b*Max(0, 1 - x)")
    ).program
    for a, b, limit in ((0.2, -0.1, INF), (0.1, -0.3, -INF), (0.5, 0.25, INF)):
        y, dx, da, db = at(program, x=-INF, a=a, b=b)
        assert (y, da, db) == (limit, INF, INF)
        assert dx == pytest.approx(-(a + b))
    assert at(program, x=-2, a=0.2, b=-0.1)[0] == pytest.approx(0.1)


def test_what_is_selected_far_out_is_all_that_is_left_of_a_formula() -> None:
    x, a = arg("x"), arg("a")
    inner = node("where", node("lt", const(3), x), node("sub", a, x), node("mul", a, x))
    root = node("where", node("and", node("lt", x, a), node("lt", a, const(5))), inner, node("exp", x))
    assert substituted(root, "x", 2.0**60) is const(INF)
    left = substituted(root, "x", -(2.0**60))
    assert left is node("where", node("lt", a, const(5)), node("mul", a, const(-(2.0**60))), const(0))
    assert substituted(node("mul", a, node("expm1", x)), "x", -(2.0**60)) is node("mul", a, const(-1))
    half = node("neg", node("mul", const(0.5), x))
    assert substituted(node("mul", a, node("exp", half)), "x", -(2.0**60)) is node("mul", a, const(INF))


def test_a_slow_growth_has_no_finite_limit() -> None:
    program = unit(spec("parameters: {a: 0.2}\nexpression: a*asinh(x) + atan(x) + 0.3*x*exp(-x**2)")).program
    for sign in (1, -1):
        y, dx, da = at(program, x=sign * INF, a=0.2)
        assert (y, dx, da) == (sign * INF, 0, sign * INF)


def test_a_limit_is_known_from_the_sign_of_a_parameter() -> None:
    program = unit(spec("parameters: {s: 1}\nexpression: 1/2 + s*x/(2*(1 + Abs(s*x)))")).program
    for s in (1.0, -0.5):
        for x in (INF, -INF):
            assert at(program, x=x, s=s)[0] == (1 if s * x > 0 else 0)


def test_a_sign_that_goes_with_a_limit_by_chance_decides_nothing() -> None:
    program = catalogue("selu_variation").program
    others = {"x": -INF, "gamma": 0.1, "omega": 2}
    assert math.isnan(at(program, **others, **{"lambda": -1, "alpha": 1.7, "beta": 1})[0])
    dlambda = at(program, **others, **{"lambda": 1, "alpha": -1.7, "beta": -1})[2]
    assert dlambda != INF  # alpha decides too


def test_one_side_settles_where_the_other_grows() -> None:
    program = unit(spec("parameters: {k: {init: 2, bounds: [0.1, 10]}}\nexpression: x * (atan(k*x)/pi + 0.5)")).program
    for k in (0.5, 2.0):
        y, dx, _ = at(program, x=-INF, k=k)
        assert y == pytest.approx(-1 / (math.pi * k), rel=1e-12)
        assert dx == 0
        assert at(program, x=INF, k=k)[:2] == [INF, 1]


def test_a_clamp_need_not_mend_everything() -> None:
    text = "inputs: [re, im]\nparameters: {b: -0.25}\nlet: {r: sqrt(re**2 + im**2)}\nexpression: re * relu(r + b)/r"
    program = unit(spec(text)).program
    for im in (INF, -INF):
        assert at(program, re=1.375, im=im, b=-0.25)[0] == pytest.approx(1.375, rel=1e-12)
    assert at(program, re=INF, im=1.0, b=-0.25)[0] == INF


def test_nothing_is_held_that_grows_where_a_parameter_is_zero() -> None:
    program = unit(spec("parameters: {c: 0.7, a: 1.5}\nexpression: c * asinh(a * x)")).program
    assert at(program, x=3e38, c=0.7, a=0.0)[3] == pytest.approx(0.7 * 3e38, rel=1e-12)


def test_of_several_inputs_only_infinite_ones_are_held() -> None:
    text = "inputs: [re, im]\nlet: {c: (1 + re/sqrt(re**2 + im**2))/2}\noutputs: {real: re*c, imag: im*c}"
    program = unit(spec(text)).program
    for re, im in ((-4e19, 4.4e20), (7e37, -3.3e35)):
        c = (1 + re / math.hypot(re, im)) / 2
        assert at(program, re=re, im=im)[:2] == [pytest.approx(re * c, rel=1e-13), pytest.approx(im * c, rel=1e-13)]


def test_a_limit_is_known_from_the_sign_of_another_input() -> None:
    program = unit(spec("inputs: [x, gate]\nexpression: (1 + Abs(x))**tanh(gate) - 1")).program
    assert at(program, x=-INF, gate=1.5)[2] == INF
    assert at(program, x=-INF, gate=-1.5)[2] == 0


def test_conditions_have_a_sign_at_the_ends() -> None:
    hinges = unit(spec("parameters: {q: 0.1, c: 1}\nexpression: Max(q*(x + c) - c, Min(q*(x - c) + c, x))")).program
    assert [at(hinges, x=v, q=0.1, c=1.0)[1] for v in (-INF, 0.5, INF)] == [0.1, 1, 0.1]
    text = "parameters: {b: 1.5, c: 0.4}\nexpression: x**2/(1 + Abs(b*x + c*x**2))"
    assert at(unit(spec(text)).program, x=-INF, b=1.5, c=0.4)[0] == pytest.approx(2.5)


def test_a_piece_at_infinity_is_the_one_that_holds_on_the_way_there() -> None:
    clipped = unit(spec("expression: clip(x/(1 + exp(-x)), -0.1, 6)")).program
    assert at(clipped, x=-INF) == [0, 0]  # x·sigmoid(x) is -∞·0 there, and no condition holds for it
    pade = unit(spec("expression: clip(x*(27 + x**2)/(27 + 9*x**2), -1, 1)")).program
    assert at(pade, x=INF) == [1, 0]
    assert at(pade, x=-INF) == [-1, 0]
    larger = unit(spec("parameters: {a: 0.25}\nexpression: Max(x/(1 + exp(-x)), a*x)")).program
    assert at(larger, x=-INF, a=-0.5) == [INF, -0.5, -INF]
    assert at(larger, x=INF, a=2) == [INF, 2, INF]
    assert at(larger, x=INF, a=0.5) == [INF, 1, 0]


def test_ends_are_those_of_parameters_far_from_the_nominal_ones() -> None:
    program = unit(spec("parameters: {a: 0.1, b: 1}\nexpression: log(exp(a*x) + exp(b*x))")).program
    assert at(program, x=INF, a=20, b=-20) == [INF, 20, INF, 0]
    assert at(program, x=-INF, a=20, b=-20) == [INF, -20, 0, -INF]
    assert at(program, x=INF, a=-1, b=1) == [INF, 1, 0, INF]
    line = unit(spec("parameters: {a: 0.8, b: 0.5}\nexpression: a*(exp(-x) - 1) - a*(1 - x) + b*x")).program
    assert at(line, x=INF, a=0.8, b=-2)[0] == -INF
