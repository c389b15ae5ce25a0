"""Taylor coefficients of the functions that specs know, around a number."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import sympy as sp

from actgen.analysis.evaluation import Tape, tape
from actgen.analysis.undecided import UndecidedError

_Z = sp.Symbol("z", real=True)


@lru_cache(maxsize=512)
def taylor(kind: Callable[..., sp.Expr], at: sp.Expr, order: int) -> tuple[list[sp.Expr], Tape]:
    """The coefficients up to an order, and the tape of the next derivative, for a bound of the remainder.

    Raises:
        UndecidedError: if a derivative has no value there.
    """
    *derivatives, next_one = _derivatives(kind, order)
    coefficients = [d.subs(_Z, at) / sp.factorial(k) for k, d in enumerate(derivatives)]
    if any(c.has(sp.nan, sp.zoo, sp.oo, -sp.oo) for c in coefficients):
        raise UndecidedError("a singular point of a function")
    return coefficients, tape(next_one)


@lru_cache(maxsize=128)
def _derivatives(kind: Callable[..., sp.Expr], order: int) -> tuple[sp.Expr, ...]:
    found = [kind(_Z)]
    for _ in range(order + 1):
        found.append(sp.diff(found[-1], _Z))
    return tuple(found)
