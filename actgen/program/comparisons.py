"""What a condition compares, so written that it has a value at the ends of the line."""

from __future__ import annotations

import sympy as sp
from sympy.core.relational import Relational

from actgen.program.passes.stabilise import stabilised


def sides(condition: Relational) -> tuple[sp.Expr, sp.Expr]:
    """What is compared; against 0 where both sides hold the same symbol: x > q·x - 1 is ∞ > ∞ at the end."""
    left, right = condition.lhs, condition.rhs
    shared = sorted(left.free_symbols & right.free_symbols, key=str)
    if not shared:
        return (_with_a_sign(left), right) if right == 0 else (left, right)
    difference = left - right
    if difference.is_rational_function(*shared):
        return _with_a_sign(sp.collect(sp.expand(difference), shared)), sp.Integer(0)
    return stabilised(difference), sp.Integer(0)


def _with_a_sign(e: sp.Expr) -> sp.Expr:
    """A polynomial so written that it has a sign at the end of the line, where the sum of its terms is ∞ - ∞.

    That is (1 - q)·(x - c) for x + q·(c - x) - c, and x·(b + x·c) for b·x + c·x².
    """
    symbols = e.free_symbols
    if not isinstance(e, sp.Add) or not e.is_polynomial(*symbols):
        return e
    product = sp.factor(e)
    factors = [f for f in sp.Mul.make_args(product) if f.free_symbols]
    if len(symbols) > 1 and len(factors) > 1 and all(sp.degree(f, s) < 2 for f in factors for s in f.free_symbols):
        return product
    highest = max(sorted(symbols, key=str), key=lambda s: sp.degree(e, s))
    several = sum(t.has(highest) for t in sp.expand(e).args) > 1
    return sp.horner(e, wrt=highest) if several and sp.degree(e, highest) > 1 else e
