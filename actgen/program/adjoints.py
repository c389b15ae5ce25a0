"""What reverse-mode differentiation of a Program's text yields in floats, as a framework would do it.

The emitted partials are differentiated again by the framework (double backward, Hessians), operation by operation. An
operation whose local derivative overflows beside an adjoint that has vanished gives NaN there, however right the
partial itself is; so forms are also measured by their adjoints.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from actgen.program.evaluate import NUMPY_OPS
from actgen.program.program import Node, topological

Array = npt.NDArray[Any]
Local = Callable[..., Sequence[Array | float | None]]
"""From the operands' values, and the result as `r`, the derivative with respect to each operand; None is none."""


def _powi(a: Array, n: Array, r: Array) -> Sequence[Array | None]:
    return n * np.power(a, n - 1), None


def _pow(a: Array, b: Array, r: Array) -> Sequence[Array]:
    return np.where(b == 0, 0, b * np.power(a, b - 1)), np.where((a == 0) & (b >= 0), 0, r * np.log(a))


def _poly(a: Array, *coefficients: Array, r: Array) -> Sequence[Array | None]:
    slope: Any = np.zeros_like(a)
    for degree in range(len(coefficients) - 1, 0, -1):
        slope = degree * coefficients[degree] + a * slope
    return slope, *(None for _ in coefficients)


def _sech(a: Array, r: Array) -> Sequence[Array]:
    return (-r * np.tanh(a),)


def _smaller(a: Array, b: Array, r: Array) -> Sequence[Array]:
    return (a <= b).astype(float), (a > b).astype(float)


def _larger(a: Array, b: Array, r: Array) -> Sequence[Array]:
    return (a >= b).astype(float), (a < b).astype(float)


def _atan2(a: Array, b: Array, r: Array) -> Sequence[Array]:
    square = a * a + b * b
    return b / square, -a / square


def _logaddexp(a: Array, b: Array, r: Array) -> Sequence[Array]:
    return np.exp(a - r), np.exp(b - r)


def _polygamma(n: Array, a: Array, r: Array) -> Sequence[Array | None]:
    return None, NUMPY_OPS["polygamma"](n + 1, a)


def _erf_slope(a: Array) -> Array:
    return 2 / math.sqrt(math.pi) * np.exp(-a * a)


LOCAL: dict[str, Local] = {
    "add": lambda a, b, r: (1.0, 1.0),
    "sub": lambda a, b, r: (1.0, -1.0),
    "mul": lambda a, b, r: (b, a),
    "div": lambda a, b, r: (1 / b, -r / b),
    "neg": lambda a, r: (-1.0,),
    "powi": _powi,
    "pow": _pow,
    "poly": _poly,
    "sech": _sech,
    "abs": lambda a, r: (np.sign(a),),
    "sign": lambda a, r: (0.0,),
    "min": _smaller,
    "max": _larger,
    "sqrt": lambda a, r: (0.5 / r,),
    "cbrt": lambda a, r: (1 / (3 * r * r),),
    "exp": lambda a, r: (r,),
    "expm1": lambda a, r: (r + 1,),
    "log": lambda a, r: (1 / a,),
    "log1p": lambda a, r: (1 / (1 + a),),
    "log2": lambda a, r: (1 / (a * math.log(2)),),
    "sin": lambda a, r: (np.cos(a),),
    "cos": lambda a, r: (-np.sin(a),),
    "tan": lambda a, r: (1 + r * r,),
    "sinpi": lambda a, r: (math.pi * NUMPY_OPS["cospi"](a),),
    "cospi": lambda a, r: (-math.pi * NUMPY_OPS["sinpi"](a),),
    "asin": lambda a, r: (1 / np.sqrt(1 - a * a),),
    "acos": lambda a, r: (-1 / np.sqrt(1 - a * a),),
    "atan": lambda a, r: (1 / (1 + a * a),),
    "sinh": lambda a, r: (np.cosh(a),),
    "cosh": lambda a, r: (np.sinh(a),),
    "tanh": lambda a, r: (1 - r * r,),
    "asinh": lambda a, r: (1 / np.sqrt(1 + a * a),),
    "acosh": lambda a, r: (1 / np.sqrt(a * a - 1),),
    "atanh": lambda a, r: (1 / (1 - a * a),),
    "atan2": _atan2,
    "hypot": lambda a, b, r: (a / r, b / r),
    "erf": lambda a, r: (_erf_slope(a),),
    "erfc": lambda a, r: (-_erf_slope(a),),
    "gamma": lambda a, r: (r * NUMPY_OPS["digamma"](a),),
    "lgamma": lambda a, r: (NUMPY_OPS["digamma"](a),),
    "digamma": lambda a, r: (NUMPY_OPS["polygamma"](np.float64(1), a),),
    "polygamma": _polygamma,
    "sigmoid": lambda a, r: (r * (1 - r),),
    "softplus": lambda a, r: (NUMPY_OPS["sigmoid"](a),),
    "logsigmoid": lambda a, r: (NUMPY_OPS["sigmoid"](-a),),
    "logaddexp": _logaddexp,
    "fill": lambda a, b, r: (1.0, None),
    "finite": lambda a, r: (np.isfinite(a).astype(float),),
}
"""Local derivatives by op. Those that yield conditions have none; `where` is treated apart."""


def adjoints(root: Node, arguments: Mapping[str, Array]) -> dict[str, Array]:
    """The derivative of a root with respect to each argument that it depends on, per point, by reverse accumulation."""
    order = list(topological([root]))
    size = len(next(iter(arguments.values())))
    values: dict[Node, Array] = {}
    found: dict[str, Array] = {}
    with np.errstate(all="ignore"):
        for current in order:
            if current.op == "arg":
                values[current] = np.asarray(arguments[current.name], dtype=np.float64)
            elif current.op == "const":
                values[current] = np.full(size, current.value)
            else:
                values[current] = NUMPY_OPS[current.op](*(values[a] for a in current.args))
        upstream: dict[Node, Array] = {root: np.ones(size)}
        for current in reversed(order):
            adjoint = upstream.pop(current, None)
            if adjoint is None or current.op == "const":
                continue
            if current.op == "arg":
                found[current.name] = adjoint
                continue
            for operand, share in zip(current.args, _shares(current, adjoint, values), strict=True):
                if share is not None:
                    upstream[operand] = upstream[operand] + share if operand in upstream else share
    return found


def _shares(current: Node, adjoint: Array, values: Mapping[Node, Array]) -> Sequence[Array | None]:
    """What of a node's adjoint goes to each operand."""
    operands = [values[a] for a in current.args]
    if current.op == "where":
        return None, np.where(operands[0], adjoint, 0.0), np.where(operands[0], 0.0, adjoint)
    if current.is_bool:
        return [None] * len(operands)
    local = LOCAL[current.op](*operands, r=values[current])
    varying = (a.op != "const" for a in current.args)
    return [
        None if slope is None or not moves else adjoint * slope for slope, moves in zip(local, varying, strict=True)
    ]
