"""Reference semantics of the special functions for numpy arrays; always computed in float64, then rounded."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import flint
import numpy as np
import numpy.typing as npt

from actgen.program.polygamma import polygamma

Array = npt.NDArray[Any]
_PRECISION = 80
_REMEMBERED = 1 << 18


def _rounded(function: Callable[[float], float]) -> Callable[[Array], Array]:
    """The function in float64, number by number."""
    vectorised = np.frompyfunc(function, 1, 1)

    def apply(a: Array) -> Array:
        return np.asarray(vectorised(np.asarray(a, dtype=np.float64)), dtype=np.float64).astype(np.result_type(a))

    return apply


def _remembered(function: Callable[[float], float]) -> Callable[[Array], Array]:
    """The same for a slow function: called once for each bit pattern, as tables of numbers are asked for many times."""

    @lru_cache(_REMEMBERED)
    def of_bits(bits: int) -> float:
        return function(float(np.int64(bits).view(np.float64)))

    vectorised = np.frompyfunc(of_bits, 1, 1)

    def apply(a: Array) -> Array:
        wide = np.asarray(a, dtype=np.float64)
        patterns, where = np.unique(wide.view(np.int64), return_inverse=True)
        values = np.asarray(vectorised(patterns), dtype=np.float64)
        return values[where].reshape(wide.shape).astype(np.result_type(a))

    return apply


def _gamma(a: float) -> float:
    if a == math.inf or math.isnan(a):
        return a
    if a == -math.inf or (a <= 0 and a == math.floor(a)):
        return math.nan
    try:
        return math.gamma(a)
    except OverflowError:
        return math.inf


def _lgamma(a: float) -> float:
    try:
        return math.lgamma(a)
    except (ValueError, OverflowError):
        return math.inf


def _digamma(a: float) -> float:
    return _by_balls(lambda b: b.digamma(), a)


@cache
def _polygamma_of(order: int) -> Callable[[Array], Array]:
    return _remembered(lambda a: _by_balls(lambda b: polygamma(order, b), a))


def _polygamma(n: Array, a: Array) -> Array:
    """Of one order, whatever the shape of `a`."""
    return _polygamma_of(int(np.max(n)))(a)


def _by_balls(function: Callable[[flint.arb], flint.arb], a: float) -> float:
    if not math.isfinite(a):
        return math.nan if math.isnan(a) or a < 0 else (math.inf if function(flint.arb(1e9)) > 1 else 0.0)
    previous = flint.ctx.prec
    flint.ctx.prec = _PRECISION
    try:
        found = function(flint.arb(a))
        return float(found.mid()) if found.is_finite() else math.nan
    finally:
        flint.ctx.prec = previous


def sigmoid(a: Array) -> Array:
    """1/(1 + e^-a), accurate in both tails."""
    e = np.exp(-np.abs(a))
    return np.where(a < 0, e / (1 + e), 1 / (1 + e))


def softplus(a: Array) -> Array:
    """log(1 + e^a), accurate in both tails."""
    return np.maximum(a, 0) + np.log1p(np.exp(-np.abs(a)))


def logsigmoid(a: Array) -> Array:
    """-softplus(-a)."""
    return -softplus(-a)


NUMPY_SPECIAL: dict[str, Callable[..., Any]] = {
    "erf": _rounded(math.erf),
    "erfc": _rounded(math.erfc),
    "gamma": _rounded(_gamma),
    "lgamma": _rounded(_lgamma),
    "digamma": _remembered(_digamma),
    "polygamma": _polygamma,
    "sigmoid": sigmoid,
    "softplus": softplus,
    "logsigmoid": logsigmoid,
}
