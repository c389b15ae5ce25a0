"""Rules for 1 plus a sine or a cosine: where the sum comes to 0, it does so as a square."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from actgen.program.rules.rule import U, paired, without


class OnePlusSine:
    """c·sin(u) ± c."""

    name = "one-plus-sine"
    reason = "beside a zero, δ away from it, the sum is δ²/2 and has the rounding of 1; each factor of the square is δ"
    before = 1 + sp.sin(U)
    after = (sp.sin(U / 2) + sp.cos(U / 2)) ** 2

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To c·(sin(u/2) + cos(u/2))² or -c·(sin(u/2) - cos(u/2))²."""
        for c, u, rest, same_sign in paired(e, sp.sin):
            return rest + _square(c, u / 2, same_sign)
        return None


class OnePlusSineTimesCosine:
    """2c·sin(u)·cos(u) ± c."""

    name = "one-plus-sine-times-cosine"
    reason = OnePlusSine.reason
    before = 1 + 2 * sp.sin(U) * sp.cos(U)
    after = (sp.sin(U) + sp.cos(U)) ** 2

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To c·(sin(u) + cos(u))² or -c·(sin(u) - cos(u))²."""
        for term, c, u in _products(e):
            for partner, same_sign in ((c, True), (-c, False)):
                if partner in e.args:
                    return e - term - partner + _square(c, u, same_sign)
        return None


def _square(c: sp.Expr, u: sp.Expr, same_sign: bool) -> sp.Expr:
    """c·sin(2u) + c, or c·sin(2u) - c."""
    return c * (sp.sin(u) + sp.cos(u)) ** 2 if same_sign else -c * (sp.sin(u) - sp.cos(u)) ** 2


def _products(e: sp.Expr) -> Iterator[tuple[sp.Expr, sp.Expr, sp.Expr]]:
    """(term, c, u) of every 2c·sin(u)·cos(u) in a sum."""
    for term in e.args if isinstance(e, sp.Add) else ():
        for factor in sp.Mul.make_args(term):
            if isinstance(factor, sp.sin) and sp.cos(factor.args[0]) in sp.Mul.make_args(term):
                u = factor.args[0]
                yield term, without(without(term, factor), sp.cos(u)) / 2, u
