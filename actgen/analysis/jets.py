"""Taylor series of an expression over balls: tight where plain interval arithmetic loses cancelling terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import flint
import sympy as sp

from actgen.analysis.evaluation import Tape, number_ball, tape

ORDER = 10
_Jet = flint.arb_series


def _exp_pair(u: _Jet) -> tuple[_Jet, _Jet]:
    grown = u.exp()
    return grown, 1 / grown


def _cosh(u: _Jet) -> _Jet:
    up, down = _exp_pair(u)
    return (up + down) / 2


def _sinh(u: _Jet) -> _Jet:
    up, down = _exp_pair(u)
    return (up - down) / 2


def _powi(a: _Jet, b: _Jet) -> _Jet:
    exponent = b[0].unique_fmpz()
    assert exponent is not None
    total, square, count = _Jet([1]), a, abs(int(exponent))
    while count:
        if count & 1:
            total *= square
        square, count = square * square, count >> 1
    return total if exponent >= 0 else 1 / total


def _cbrt(u: _Jet) -> _Jet:
    third = flint.arb(1) / 3
    return u**third if u[0] > 0 else -((-u) ** third)


_OPS: dict[str, Callable[..., _Jet]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "powi": _powi,
    "pow": lambda a, b: a**b,
    "cbrt": _cbrt,
    "sqrt": lambda a: a.sqrt(),
    "exp": lambda a: a.exp(),
    "expm1": lambda a: a.exp() - 1,
    "log": lambda a: a.log(),
    "log1p": lambda a: (1 + a).log(),
    "log2": lambda a: a.log() / flint.arb(2).log(),
    "sin": lambda a: a.sin(),
    "cos": lambda a: a.cos(),
    "tan": lambda a: a.tan(),
    "sinpi": lambda a: a.sin_pi(),
    "cospi": lambda a: a.cos_pi(),
    "asin": lambda a: a.asin(),
    "acos": lambda a: a.acos(),
    "atan": lambda a: a.atan(),
    "sinh": _sinh,
    "cosh": _cosh,
    "sech": lambda a: 1 / _cosh(a),
    "tanh": lambda a: 1 - 2 / ((2 * a).exp() + 1),
    "asinh": lambda a: (a + (a * a + 1).sqrt()).log(),
    "acosh": lambda a: (a + (a * a - 1).sqrt()).log(),
    "atanh": lambda a: ((1 + a) / (1 - a)).log() / 2,
    "erf": lambda a: a.erf(),
    "erfc": lambda a: a.erfc(),
    "gamma": lambda a: a.gamma(),
    "lgamma": lambda a: a.lgamma(),
    "hypot": lambda a, b: (a * a + b * b).sqrt(),
    "sigmoid": lambda a: 1 / (1 + (-a).exp()),
    "softplus": lambda a: (1 + a.exp()).log(),
    "logsigmoid": lambda a: -(1 + (-a).exp()).log(),
    "logaddexp": lambda a, b: b + (1 + (a - b).exp()).log(),
}


@contextmanager
def _length(count: int) -> Iterator[None]:
    before = flint.ctx.cap
    flint.ctx.cap = count
    try:
        yield
    finally:
        flint.ctx.cap = before


@dataclass(frozen=True, slots=True)
class Model:
    """Enclosures of an expression and its derivative over an interval."""

    value: flint.arb
    slope: flint.arb


def model(expression: sp.Expr, middle: flint.arb, whole: flint.arb) -> Model | None:
    """Taylor's polynomial around the middle, with Lagrange's remainder over the whole interval.

    Returns:
        None if an operation has no Taylor series here, or divides by what may be 0.
    """
    run = tape(expression)
    if any(current.op not in _OPS and current.op not in ("arg", "const") for current in run.nodes):
        return None
    try:
        with _length(ORDER + 1):
            near, around = _coefficients(run, middle), _coefficients(run, whole)
    except ValueError:  # what flint says of a division by a series whose first term may be 0
        return None
    step = whole - middle
    value, slope = around[ORDER], ORDER * around[ORDER]
    for k in range(ORDER - 1, 0, -1):
        value = near[k] + step * value
        slope = k * near[k] + step * slope
    return Model(near[0] + step * value, slope)


def _coefficients(run: Tape, at: flint.arb) -> list[flint.arb]:
    values: list[Any] = []
    for current, places in zip(run.nodes, run.operands, strict=True):
        match current.op:
            case "arg":
                values.append(_Jet([at, 1]))
            case "const":
                values.append(_Jet([number_ball(current.exact)]))
            case op:
                values.append(_OPS[op](*(values[i] for i in places)))
    result = values[-1]
    return [result[k] for k in range(ORDER + 1)]
