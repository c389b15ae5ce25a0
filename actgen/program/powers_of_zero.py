"""What is left of k·x^e at x = 0: infinite, k or 0, chosen by the sign of e when the program runs."""

from __future__ import annotations

import sympy as sp

from actgen.program.build import ZERO, less, where
from actgen.program.program import Node, const
from actgen.symbolic.functions import RealPow


def power_of_zero_in(e: sp.Expr) -> tuple[sp.Expr, sp.Expr] | None:
    """The factor and the exponent of a product with a power of 0; None if there is none."""
    found = next((f for f in sp.Mul.make_args(e) if isinstance(f, RealPow) and f.args[0] == 0), None)
    return None if found is None else (e / found, found.args[1])


def power_of_zero(factor: Node, exponent: Node) -> Node:
    """The product, in selects: a `pow`, or ∞ times the factor, would have a slope that is NaN.

    A factor that is 0 wins, since it did at every x beside 0.
    """
    infinite = const(sp.oo * factor.exact) if factor.op == "const" else _by_sign(factor)
    return where(less(exponent, ZERO), infinite, where(less(ZERO, exponent), ZERO, factor))


def _by_sign(factor: Node) -> Node:
    return where(less(ZERO, factor), const(sp.oo), where(less(factor, ZERO), const(-sp.oo), ZERO))
