"""Coefficients that are numbers times a geometric sequence in the parameters, as those of any f(a·x) in x."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp


@dataclass(frozen=True, slots=True)
class Geometric:
    """Σ cₖ·dᵏ = scale·d^order·Σ numbersₖ·(ratio·d)ᵏ."""

    numbers: tuple[sp.Expr, ...]
    ratio: sp.Expr
    scale: sp.Expr
    order: int


def geometric(coefficients: Sequence[sp.Expr]) -> Geometric | None:
    """The coefficients as a geometric sequence, the scale as simple as powers of d before the sum can make it."""
    present = [k for k, c in enumerate(coefficients) if c != 0]
    if len(present) < 2:
        return None
    first = present[0]
    leading, scale = _parts(coefficients[first])
    found, ratio = {first: sp.Integer(1)}, sp.Integer(1)
    for k in present[1:]:  # mostly the first of them says already that there is none
        number, rest = _parts(sp.cancel(coefficients[k] / coefficients[first]))
        if len(found) == 1:
            root = _root(rest, k - first)
            if root is None:
                return None
            ratio = root
        elif sp.cancel(rest / ratio ** (k - first)) != 1:
            return None
        found[k] = number
    scales = {order: sp.cancel(scale * ratio ** (order - first)) for order in range(first + 1)}
    order = min(scales, key=lambda k: (_has_pole(scales[k]), scales[k].count_ops(), k))
    numbers = tuple(leading * found[k] if k in found else sp.Integer(0) for k in range(order, len(coefficients)))
    return Geometric(numbers, ratio, scales[order], order)


def _parts(c: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """A number, and what depends on parameters."""
    return c.as_independent(*c.free_symbols, as_Add=False) if c.free_symbols else (c, sp.Integer(1))


def _root(e: sp.Expr, degree: int) -> sp.Expr | None:
    """A rational monomial whose power to the degree is the expression."""
    powers = e.as_powers_dict()
    if any(not (b.is_Symbol or b == 1) or not (p / degree).is_Integer for b, p in powers.items()):
        return None
    return sp.Mul(*(b ** (p / degree) for b, p in powers.items()))


def _has_pole(e: sp.Expr) -> bool:
    return bool(sp.fraction(e)[1].free_symbols)
