"""Runs a Program: in numpy floats (what a backend would do) and in balls (the exact truth, with its error)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import methodcaller
from typing import Any

import flint
import numpy as np
import numpy.typing as npt
import sympy as sp

from actgen.program.program import Node, Program, evaluation_order
from actgen.program.special import NUMPY_SPECIAL

Array = npt.NDArray[Any]


def _where(condition: Array, a: Array, b: Array) -> Array:
    return np.where(condition, a, b)


def _fill(a: Array, b: Array) -> Array:
    return np.broadcast_arrays(a, b)[0]


def _poly(u: Any, *coefficients: Any) -> Any:
    total = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        total = coefficient + u * total
    return total


def _sech(a: Array) -> Array:
    e = np.exp(-np.abs(a))
    return 2 * e / (1 + e * e)


def _finite(a: Array) -> Array:
    largest = np.finfo(np.asarray(a).dtype).max
    return np.where(np.isinf(a), np.copysign(largest, a), a)


NUMPY_OPS: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "neg": np.negative,
    "powi": np.power,
    "pow": np.power,
    "poly": _poly,
    "sech": _sech,
    "abs": np.abs,
    "sign": np.sign,
    "min": np.minimum,
    "max": np.maximum,
    **{
        name: getattr(np, name)
        for name in [
            "sqrt",
            "cbrt",
            "exp",
            "expm1",
            "log",
            "log1p",
            "log2",
            "sin",
            "cos",
            "tan",
            "sinh",
            "cosh",
            "tanh",
            "isnan",
            "isinf",
        ]
    },
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "atan2": np.arctan2,
    "logaddexp": np.logaddexp,
    "lt": np.less,
    "le": np.less_equal,
    "eq": np.equal,
    "ne": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "where": _where,
    "fill": _fill,
    "finite": _finite,
    **NUMPY_SPECIAL,
}
"""Reference semantics in numpy, by op."""


def evaluate_nodes(
    roots: Sequence[Node],
    arguments: Mapping[str, Array | float],
    dtype: type[np.floating[Any]] = np.float64,
    *,
    flushes: bool = False,
) -> list[Array]:
    """Each root as an array of the arguments' broadcast shape, computed in `dtype` throughout.

    With `flushes`, every subnormal number on the way becomes 0, as XLA and TensorFlow have it on a CPU.
    """
    values: dict[Node, Array] = {}
    shape = np.broadcast_shapes(*(np.shape(a) for a in arguments.values()))
    with np.errstate(all="ignore"):
        for current in evaluation_order(tuple(roots)):
            if current.op == "arg":
                value = np.asarray(arguments[current.name], dtype=dtype)
            elif current.op == "const":
                value = np.asarray(current.value, dtype=dtype)
            else:
                value = NUMPY_OPS[current.op](*(values[a] for a in current.args))
            values[current] = _flushed(value) if flushes and not current.is_bool else value
    return [np.broadcast_to(values[root], shape) for root in roots]


def _flushed(value: Array) -> Array:
    return np.where(np.abs(value) < np.finfo(value.dtype).tiny, np.copysign(value.dtype.type(0), value), value)


def evaluate_numpy(
    program: Program, arguments: Mapping[str, Array | float]
) -> tuple[dict[str, Array], dict[tuple[str, str], Array]]:
    """All outputs by name, and all partials by (output, variable), in float64."""
    found = evaluate_nodes(program.roots(), arguments)
    outputs = dict(zip(program.forward, found, strict=False))
    partials = dict(zip(program.partials, found[len(outputs) :], strict=True))
    return outputs, partials


def _whole(a: flint.arb) -> int:
    """The integer that an exact ball is."""
    whole = a.unique_fmpz()
    assert whole is not None
    return int(whole)


def _magnitude(a: flint.arb) -> flint.arb:
    return abs(a)


def _powi(a: flint.arb, b: flint.arb) -> flint.arb:
    exponent = _whole(b)
    return _product(a, exponent) if exponent >= 0 else 1 / _product(a, -exponent)


def _product(a: flint.arb, count: int) -> flint.arb:
    """a^count by squaring: arb's own power is nan for a ball around 0."""
    total = flint.arb(1)
    while count:
        if count & 1:
            total *= a
        a, count = a * a, count >> 1
    return total


def _cbrt(a: flint.arb) -> flint.arb:
    return -((-a).root(3)) if a < 0 else a.root(3)


def _pow(a: flint.arb, b: flint.arb) -> flint.arb:
    whole = b.unique_fmpz()
    if whole is not None and b.is_exact() and b == whole:
        return _powi(a, b)
    return a**b


def _polygamma(n: flint.arb, a: flint.arb) -> flint.arb:
    sign = 1 if _whole(n) % 2 else -1
    return sign * n.fac() * (n + 1).zeta(a)


Trilean = bool | None
"""A condition on balls; None where they overlap, so that it is not decided."""


def _decided_less(a: flint.arb, b: flint.arb) -> Trilean:
    return True if a < b else False if a >= b else None


def _decided_less_equal(a: flint.arb, b: flint.arb) -> Trilean:
    return _opposite(_decided_less(b, a))


def _decided_equal(a: flint.arb, b: flint.arb) -> Trilean:
    return True if a == b else False if a != b else None


def _decided_unequal(a: flint.arb, b: flint.arb) -> Trilean:
    return _opposite(_decided_equal(a, b))


def _both(a: Trilean, b: Trilean) -> Trilean:
    return False if a is False or b is False else None if a is None or b is None else True


def _either(a: Trilean, b: Trilean) -> Trilean:
    return _opposite(_both(_opposite(a), _opposite(b)))


def _opposite(a: Trilean) -> Trilean:
    return None if a is None else not a


def _absent(a: flint.arb) -> Trilean:
    """`isnan` and `isinf`: an exact value is neither."""
    return False if a.is_finite() else None


def _select(condition: Trilean, a: flint.arb, b: flint.arb) -> flint.arb:
    return flint.arb(math.nan) if condition is None else a if condition else b


ARB_OPS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "powi": _powi,
    "pow": _pow,
    "poly": _poly,
    "sech": lambda a: 1 / a.cosh(),
    "abs": _magnitude,
    "sqrt": lambda a: a.sqrt(),
    "cbrt": _cbrt,
    "exp": lambda a: a.exp(),
    "expm1": lambda a: a.expm1(),
    "log": lambda a: a.log(),
    "log1p": lambda a: a.log1p(),
    "log2": lambda a: a.log() / flint.arb(2).log(),
    **{
        name: methodcaller(method)
        for name, method in {
            "sin": "sin",
            "cos": "cos",
            "tan": "tan",
            "asin": "asin",
            "acos": "acos",
            "atan": "atan",
            "sinh": "sinh",
            "cosh": "cosh",
            "tanh": "tanh",
            "asinh": "asinh",
            "acosh": "acosh",
            "atanh": "atanh",
            "erf": "erf",
            "erfc": "erfc",
            "lgamma": "lgamma",
            "gamma": "gamma",
            "digamma": "digamma",
        }.items()
    },
    "polygamma": _polygamma,
    "atan2": lambda a, b: flint.arb.atan2(a, b),
    "sigmoid": lambda a: 1 / (1 + (-a).exp()),
    "softplus": lambda a: a.exp().log1p() if a < 0 else a + (-a).exp().log1p(),
    "logsigmoid": lambda a: -((-a).exp().log1p() if a > 0 else -a + a.exp().log1p()),
    "sign": lambda a: a.sgn(),
    "min": lambda a, b: a.min(b),
    "max": lambda a, b: a.max(b),
    "lt": _decided_less,
    "le": _decided_less_equal,
    "eq": _decided_equal,
    "ne": _decided_unequal,
    "and": _both,
    "or": _either,
    "not": _opposite,
    "isnan": _absent,
    "isinf": _absent,
    "where": _select,
    "fill": lambda a, b: a,
    "finite": lambda a: a,
    "logaddexp": lambda a, b: a + (b - a).exp().log1p() if a > b else b + (a - b).exp().log1p(),
}
"""Reference semantics in balls, by op, at finite arguments: nothing overflows, and there is no NaN."""


def evaluate_balls(
    roots: Sequence[Node], arguments: Mapping[str, float | flint.arb], precision: int
) -> list[flint.arb]:
    """Each root enclosed in a ball, computed with `precision` bits; arguments are taken exactly."""
    previous = flint.ctx.prec
    flint.ctx.prec = precision
    try:
        values: dict[Node, Any] = {}
        for current in evaluation_order(tuple(roots)):
            if current.op == "arg":
                values[current] = flint.arb(arguments[current.name])
            elif current.op == "const":
                values[current] = ball(current.exact)
            else:
                values[current] = ARB_OPS[current.op](*(values[a] for a in current.args))
        return [values[root] for root in roots]
    finally:
        flint.ctx.prec = previous


def ball(exact: sp.Expr) -> flint.arb:
    """An exact SymPy number as a ball of the current precision."""
    return _ball(exact, flint.ctx.prec)


@lru_cache(maxsize=4096)
def _ball(exact: sp.Expr, precision: int) -> flint.arb:
    if isinstance(exact, sp.Rational):
        return flint.arb(flint.fmpq(int(exact.p), int(exact.q)))
    if exact is sp.pi:
        return flint.arb.pi()
    if not exact.is_finite:
        return flint.arb(math.nan)
    digits = int(precision * 0.302) + 10
    mantissa = flint.arb(str(sp.N(exact, digits)))
    return mantissa * flint.arb(1, flint.arb(2) ** (4 - precision))
