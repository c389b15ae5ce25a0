"""Runs a Program in numpy floats, as a backend would."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from actgen.program.program import Node, Program, evaluation_order
from actgen.program.special import NUMPY_SPECIAL

Array = npt.NDArray[Any]


def _where(condition: Array, a: Array, b: Array) -> Array:
    return np.where(condition, a, b)


def _fill(a: Array, b: Array) -> Array:
    return np.broadcast_arrays(a, b)[0]


def horner(u: Any, *coefficients: Any) -> Any:
    """The polynomial in u with these coefficients, of the lowest power first."""
    total = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        total = coefficient + u * total
    return total


def _sech(a: Array) -> Array:
    e = np.exp(-np.abs(a))
    return 2 * e / (1 + e * e)


def _sinpi(a: Array) -> Array:
    turns = np.round(a)  # half turns: what is left is exact
    rest = np.sin(math.pi * (a - turns))
    return np.where(_is_even(turns), rest, -rest)


def _cospi(a: Array) -> Array:
    turns = np.round(a)
    rest = np.sin(math.pi * (0.5 - np.abs(a - turns)))
    return np.where(_is_even(turns), rest, -rest)


def _is_even(turns: Array) -> Array:
    return np.round(turns / 2) == turns / 2


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
    "poly": horner,
    "sech": _sech,
    "sinpi": _sinpi,
    "cospi": _cospi,
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
    "hypot": np.hypot,
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

_NUMPYS_OWN = """
pow powi cbrt exp expm1 log log1p log2 sin cos tan sinh cosh tanh asin acos atan asinh acosh atanh atan2 hypot
logaddexp sech sinpi cospi sigmoid softplus logsigmoid
"""
_BY_PROCESSOR = frozenset(_NUMPYS_OWN.split())
"""Ops for which NumPy has other code for other processors, with other last digits."""


def _rounded_once(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function in the next wider format: its result, rounded, is the same on every processor."""

    def apply(*operands: Array) -> Array:
        dtype = np.result_type(*operands)
        wider = np.float64 if dtype == np.float32 else np.longdouble
        return np.asarray(function(*(np.asarray(o, dtype=wider) for o in operands))).astype(dtype)

    return apply


_SAME_EVERYWHERE = {op: _rounded_once(f) if op in _BY_PROCESSOR else f for op, f in NUMPY_OPS.items()}


def evaluate_nodes(
    roots: Sequence[Node],
    arguments: Mapping[str, Array | float],
    dtype: type[np.floating[Any]] = np.float64,
    *,
    flushes: bool = False,
    quickly: bool = False,
) -> list[Array]:
    """Each root as an array of the arguments' broadcast shape, computed in `dtype` throughout.

    Every processor computes the same, wherever NumPy's long double is wider than float64: a choice by these figures
    is the same on all of them. Not so with `quickly`, where NumPy's own functions are taken, for more points.
    With `flushes`, every subnormal number on the way becomes 0, as XLA and TensorFlow have it on a CPU.
    """
    ops = NUMPY_OPS if quickly else _SAME_EVERYWHERE
    values: dict[Node, Array] = {}
    shape = np.broadcast_shapes(*(np.shape(a) for a in arguments.values()))
    with np.errstate(all="ignore"):
        for current in evaluation_order(tuple(roots)):
            if current.op == "arg":
                value = np.asarray(arguments[current.name], dtype=dtype)
            elif current.op == "const":
                value = np.asarray(current.value, dtype=dtype)
            else:
                value = ops[current.op](*(values[a] for a in current.args))
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
