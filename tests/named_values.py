"""Exact values of the named cases, from formulas written by hand in mpmath, and how far a float is from them.

The formulas share nothing with the compiler. Derivatives are central differences at high precision: where a formula has
no value at the point itself, as Snake's quotient at a = 0, the difference is of what lies on either side.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from mpmath import mp

from actgen.formats import Format

Number = Any  # an mpmath mpf; mpmath has no types
_DIGITS = 900
_STEP = -200  # as a power of ten, relative to where the derivative is taken


def _gelu(x: Number) -> Number:
    return x * mp.erfc(-x / mp.sqrt(2)) / 2


def _gelu_tanh(x: Number) -> Number:
    # x/2 * (1 + tanh(u)) is x/(1 + exp(-2u)), which needs no digits for the difference from 0
    return x / (1 + mp.exp(-2 * mp.sqrt(2 / mp.pi) * (x + mp.mpf("0.044715") * x**3)))


def _hardswish(x: Number) -> Number:
    return x * min(max(x + 3, mp.mpf(0)), mp.mpf(6)) / 6


def _selu(x: Number) -> Number:
    alpha = mp.mpf("1.673263242354377284817042991671652038461")
    return mp.mpf("1.050700987355480493419334985294606351959") * (x if x > 0 else alpha * mp.expm1(x))


def _selu_variation(x: Number, lambda_: Number, alpha: Number, beta: Number, gamma: Number, omega: Number) -> Number:
    return lambda_ * (x if x > 0 else alpha * mp.expm1(beta * x) + gamma * mp.sin(omega * x))


def _snake(x: Number, a: Number) -> Number:
    return x + mp.sin(a * x) ** 2 / a if a else x


def _soft_exponential(x: Number, alpha: Number) -> Number:
    if alpha < 0:
        return -mp.log1p(-alpha * (x + alpha)) / alpha
    return mp.expm1(alpha * x) / alpha + alpha if alpha else x


def _squareplus(x: Number, b: Number) -> Number:
    return b / (2 * (mp.sqrt(x**2 + b) - x))


FORMULAS: Mapping[str, Callable[..., Number]] = {
    "gelu": _gelu,
    "gelu_tanh": _gelu_tanh,
    "hardswish": _hardswish,
    "selu": _selu,
    "selu_variation": _selu_variation,
    "silu": lambda x: x / (1 + mp.exp(-x)),
    "snake": _snake,
    "soft_exponential": _soft_exponential,
    "squareplus": _squareplus,
    "tanhshrink": lambda x: x - mp.tanh(x),
}
_AT_INFINITY: Mapping[tuple[str, float], Mapping[str, float]] = {
    ("silu", -math.inf): {"y": 0, "x": 0},
    ("silu", math.inf): {"y": math.inf, "x": 1},
    ("gelu_tanh", -math.inf): {"y": 0, "x": 0},
    ("gelu_tanh", math.inf): {"y": math.inf, "x": 1},
    ("squareplus", -math.inf): {"y": 0, "x": 0, "b": 0},
}
"""The limits, by hand."""


def exact(formula: str, point: Mapping[str, float]) -> dict[str, Number]:
    """The value, as `y`, and the derivative by each argument, under its name."""
    if math.isinf(point["x"]):
        return dict(_AT_INFINITY[formula, point["x"]])
    with mp.workdps(_DIGITS):
        at = {name: mp.mpf(value) for name, value in point.items()}
        slopes = {name: _slope(FORMULAS[formula], at, name) for name in at}
        return {"y": FORMULAS[formula](**at), **slopes}


def _slope(formula: Callable[..., Number], at: Mapping[str, Number], name: str) -> Number:
    step = mp.mpf(10) ** _STEP * min(abs(at[name]) or mp.mpf(1), mp.mpf(1))
    return (formula(**{**at, name: at[name] + step}) - formula(**{**at, name: at[name] - step})) / (2 * step)


def error(got: float, truth: Number, form: Format, *, flushes: bool) -> float:
    """How far a float is from the truth, in ulps of the truth; infinite for what is wrong in kind.

    Args:
        got: a float of the format.
        truth: exact.
        form: the format.
        flushes: whether 0 may stand for a subnormal result.
    """
    with mp.workdps(_DIGITS):
        size = abs(mp.mpf(truth))
        if math.isnan(got) or (size == 0 and got != 0):
            return math.inf
        if flushes and got == 0 and size < form.tiny:
            return 0.0
        if size >= form.largest or math.isinf(got):
            due = size > form.largest * (1 + mp.mpf(2) ** -(form.bits + 1))
            return 0.0 if due and math.isinf(got) and (got > 0) == (truth > 0) else math.inf
        exponent = max(mp.frexp(size)[1] - 1, form.lowest) if size else form.lowest
        return float(abs(mp.mpf(got) - truth) / mp.mpf(2) ** (exponent - form.bits + 1))
