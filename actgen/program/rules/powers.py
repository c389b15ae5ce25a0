"""Rules for powers of a sigmoid, as exponentials of its logarithm -softplus(-u)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import sympy as sp

from actgen.program.rules.rule import U, V, without
from actgen.program.stable import Expm1, Select
from actgen.symbolic.functions import RealPow, Sigmoid, Softplus


class SigmoidPowerDifference:
    """c·sigmoid(u)^p - c·sigmoid(-u)^p, c·e^a - c·e^b with softplus of u and -u in a and b."""

    name = "sigmoid-power-difference"
    reason = "for small p, and beside u = 0, the terms cancel: the difference of their logarithms is p·u"
    before = RealPow(Sigmoid(U), V) - RealPow(Sigmoid(-U), V)
    after = Select(U * V, -sp.exp(-V * Softplus(-U)) * Expm1(-U * V), sp.exp(-V * Softplus(U)) * Expm1(U * V))

    def __init__(self, *, analytic: bool = False) -> None:
        self._analytic = analytic

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To c·e^b·expm1(a - b), or -c·e^a·expm1(b - a) where that is positive."""
        for (first, c, a), (second, d, b) in combinations(list(_exponentials(e)), 2):
            if c + d != 0:
                continue
            difference = _without_softplus(a - b)
            if difference is None or difference == 0:
                continue
            below = sp.exp(b) * Expm1(difference)
            if self._analytic:
                return e - first - second + c * below
            return e - first - second + c * Select(difference, -sp.exp(a) * Expm1(-difference), below)
        return None


def _exponentials(e: sp.Expr) -> Iterator[tuple[sp.Expr, sp.Expr, sp.Expr]]:
    """(term, c, a) of every c·e^a in a sum in which a holds a softplus."""
    for term in e.args if isinstance(e, sp.Add) else ():
        for factor in sp.Mul.make_args(term):
            exponent = _logarithm(factor)
            if exponent is not None:
                yield term, without(term, factor), exponent


def _logarithm(factor: sp.Expr) -> sp.Expr | None:
    if isinstance(factor, (RealPow, sp.Pow)) and isinstance(factor.args[0], Sigmoid):
        return -factor.args[1] * Softplus(-factor.args[0].args[0])
    if isinstance(factor, sp.exp) and factor.args[0].has(Softplus):
        return factor.args[0]
    return None


def _without_softplus(difference: sp.Expr) -> sp.Expr | None:
    """A difference in which every softplus(-u) - softplus(u) is -u; None if one is left."""
    for u in sorted({s.args[0] for s in difference.atoms(Softplus)}, key=sp.default_sort_key):
        if u.could_extract_minus_sign():
            difference = difference.xreplace({Softplus(u): Softplus(-u) + u})
    expanded = sp.expand(difference)
    return None if expanded.has(Softplus) else sp.factor_terms(expanded)
