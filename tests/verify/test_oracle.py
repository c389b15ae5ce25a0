"""The oracle against mpmath, which differentiates by high-precision differences."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath as mp
import pytest

from actgen.formula import Branches, Call, Compare, Formula, Logic, Name, Number, Piece
from actgen.verify.balls import rounded
from actgen.verify.function import Function

X, A = Name("x"), Name("a")


def number(text: str) -> Number:
    return Number(Fraction(text))


def call(function: str, *args: Formula) -> Call:
    return Call(function, args)


def negative(u: Formula) -> Call:
    return call("neg", u)


def pieces(*parts: tuple[Formula, Any]) -> Branches:
    return Branches(tuple(Piece(value, condition) for value, condition in parts))


TRUE = Logic("true")


def softplus(u: Any) -> Any:
    return mp.log1p(mp.exp(u))


def sigmoid(u: Any) -> Any:
    return 1 / (1 + mp.exp(-u))


UNARY: dict[str, tuple[Callable[[Any], Any], tuple[float, ...]]] = {
    "exp": (mp.exp, (-700.0, -1e-8, 0.3, 20.0)),
    "log": (mp.log, (1e-300, 0.7, 1.0, 1e300)),
    "log1p": (mp.log1p, (-0.999, 1e-18, 3.0)),
    "expm1": (mp.expm1, (-40.0, 1e-18, 2.0)),
    "log2": (lambda u: mp.log(u) / mp.log(2), (1e-9, 0.7, 8.0)),
    "sqrt": (mp.sqrt, (1e-300, 2.0)),
    "cbrt": (lambda u: mp.sign(u) * mp.cbrt(abs(u)), (-8.5, -1e-30, 2.0)),
    "sin": (mp.sin, (-3.0, 1e22, 0.5)),
    "cos": (mp.cos, (-3.0, 1e22, 0.5)),
    "tan": (mp.tan, (-1.5, 0.5, 1e5)),
    "asin": (mp.asin, (-0.999, 1e-9, 0.5)),
    "acos": (mp.acos, (-0.999, 1e-9, 0.5)),
    "atan": (mp.atan, (-1e9, 1e-9, 0.5)),
    "sinh": (mp.sinh, (-30.0, 1e-9, 0.5)),
    "cosh": (mp.cosh, (-30.0, 1e-9, 0.5)),
    "tanh": (mp.tanh, (-30.0, 1e-9, 0.5, 300.0)),
    "asinh": (mp.asinh, (-1e9, 1e-9, 0.5)),
    "acosh": (mp.acosh, (1.0000001, 3.0, 1e9)),
    "atanh": (mp.atanh, (-0.999, 1e-9, 0.5)),
    "sinc": (lambda u: mp.sin(u) / u, (1e-8, 0.7, -4.0)),
    "erf": (mp.erf, (-5.0, 1e-9, 0.5)),
    "erfc": (mp.erfc, (-5.0, 1e-9, 0.5, 20.0)),
    "gamma": (mp.gamma, (-2.5, -0.3, 0.3, 7.5)),
    "loggamma": (lambda u: mp.log(abs(mp.gamma(u))), (-2.5, -0.3, 0.3, 1.7)),
    "digamma": (mp.digamma, (-2.5, -0.3, 0.3, 7.5)),
    "sigmoid": (sigmoid, (-700.0, -0.5, 40.0)),
    "softplus": (softplus, (-700.0, -0.5, 40.0)),
    "logsigmoid": (lambda u: -softplus(-u), (-700.0, -0.5, 40.0)),
}

BINARY: dict[str, tuple[Callable[[Any, Any], Any], tuple[tuple[float, float], ...]]] = {
    "add": (lambda u, v: u + v, ((0.1, -0.3),)),
    "sub": (lambda u, v: u - v, ((0.1, 0.3),)),
    "mul": (lambda u, v: u * v, ((0.1, -0.3), (-4.0, 7.0))),
    "div": (lambda u, v: u / v, ((0.1, -0.3), (-4.0, 7.0))),
    "pow": (lambda u, v: mp.power(u, v), ((0.1, -0.3), (4.0, 7.5))),
    "atan2": (mp.atan2, ((1.0, 2.0), (1.0, -2.0), (-1.0, 0.5), (-3.0, -0.5))),
    "logaddexp": (lambda u, v: mp.log(mp.exp(u) + mp.exp(v)), ((3.0, -300.0), (0.1, 0.2))),
}


def differenced(function: Callable[[Any], Any], at: float, order: int) -> float:
    """A derivative by central differences at 600 digits."""
    with mp.workdps(600):
        x, h = mp.mpf(at), mp.mpf(10) ** -60 * abs(mp.mpf(at))
        if order == 0:
            return float(function(x))
        if order == 1:
            return float((function(x + h) - function(x - h)) / (2 * h))
        return float((function(x + h) - 2 * function(x) + function(x - h)) / h**2)


@pytest.mark.parametrize("name", UNARY)
def test_functions_of_one_argument(name: str) -> None:
    reference, points = UNARY[name]
    function = Function(call(name, X), ("x",), 1)
    for x in points:
        value, slope = function.results((x,), (None, 0))
        assert value is not None and slope is not None
        assert rounded(value)[0] == pytest.approx(differenced(reference, x, 0), rel=3e-16, abs=0)
        assert rounded(slope)[0] == pytest.approx(differenced(reference, x, 1), rel=3e-16, abs=0)
        assert rounded(function.second((x,), 0, 0))[0] == pytest.approx(differenced(reference, x, 2), rel=1e-13, abs=0)


@pytest.mark.parametrize("name", BINARY)
def test_functions_of_two_arguments(name: str) -> None:
    reference, points = BINARY[name]
    function = Function(call(name, X, A), ("x", "a"), 1)
    for x, a in points:
        found = [rounded(ball)[0] for ball in function.results((x, a), (None, 0, 1)) if ball is not None]
        expected = [
            differenced(lambda u, a=a: reference(u, mp.mpf(a)), x, 0),
            differenced(lambda u, a=a: reference(u, mp.mpf(a)), x, 1),
            differenced(lambda v, x=x: reference(mp.mpf(x), v), a, 1),
        ]
        assert found == pytest.approx(expected, rel=3e-16, abs=0)


def test_mixed_second_derivative() -> None:
    function = Function(call("mul", call("sin", call("mul", A, X)), call("exp", X)), ("x", "a"), 1)

    def slope(x: Any, a: Any) -> Any:
        return x * mp.cos(a * x) * mp.exp(x)

    expected = differenced(lambda x: slope(x, mp.mpf("0.75")), 0.5, 1)
    assert rounded(function.second((0.5, 0.75), 0, 1))[0] == pytest.approx(expected, rel=1e-15)


COMPOSED: dict[str, tuple[Formula, Callable[[Any], Any]]] = {
    "silu": (call("mul", X, call("sigmoid", X)), lambda x: x * sigmoid(x)),
    "mish": (call("mul", X, call("tanh", call("softplus", X))), lambda x: x * mp.tanh(softplus(x))),
    "gelu": (
        call("mul", call("div", X, number("2")), call("erfc", negative(call("div", X, call("sqrt", number("2")))))),
        lambda x: x / 2 * mp.erfc(-x / mp.sqrt(2)),
    ),
    "elu": (
        pieces((X, Compare(">", X, number("0"))), (call("sub", call("exp", X), number("1")), TRUE)),
        lambda x: x if x > 0 else mp.expm1(x),
    ),
    "softsign": (call("div", X, call("add", number("1"), call("Abs", X))), lambda x: x / (1 + abs(x))),
    "tanhshrink": (call("sub", X, call("tanh", X)), lambda x: x - mp.tanh(x)),
    "squareplus": (
        call("div", call("add", X, call("sqrt", call("add", call("pow", X, number("2")), number("4")))), number("2")),
        lambda x: (x + mp.sqrt(x**2 + 4)) / 2,
    ),
}


@pytest.mark.parametrize("name", COMPOSED)
@pytest.mark.parametrize("x", [-710.0, -40.0, -8.4, -1e-8, 1e-8, 3e-4, 0.7, 88.8, 710.0])
def test_activations(name: str, x: float) -> None:
    formula, reference = COMPOSED[name]
    value, slope = Function(formula, ("x",), 1).results((x,), (None, 0))
    assert value is not None and slope is not None
    assert rounded(value)[0] == pytest.approx(differenced(reference, x, 0), rel=3e-16, abs=5e-324)
    assert rounded(slope)[0] == pytest.approx(differenced(reference, x, 1), rel=3e-16, abs=5e-324)


def test_high_and_low_parts_make_up_the_truth() -> None:
    (ball,) = Function(call("exp", X), ("x",), 1).results((0.7,), (None,))
    assert ball is not None
    hi, lo = rounded(ball)
    with mp.workdps(60):
        assert abs(mp.exp(mp.mpf(0.7)) - hi - lo) < mp.mpf(2) ** -100


def test_decimals_are_exact() -> None:
    (ball,) = Function(call("mul", number("0.1"), X), ("x",), 1).results((3.0,), (None,))
    assert ball is not None
    hi, lo = rounded(ball)
    assert hi == 0.3
    assert lo == pytest.approx(float(Fraction(3, 10) - Fraction(0.3)), rel=1e-12)
