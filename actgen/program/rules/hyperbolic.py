"""Rules for hyperbolic functions that are written out in exponentials, and for the logarithm of a tanh."""

from __future__ import annotations

from itertools import combinations

import sympy as sp

from actgen.program.rules.rule import U, terms_with, without
from actgen.program.stable import Expm1, Log1p, Select
from actgen.symbolic.functions import Sigmoid


class TanhOfOneExponential:
    """(e^u - 1)/(e^u + 1), of which other rules have made expm1(u)·sigmoid(-u)."""

    name = "tanh-of-one-exponential"
    reason = "it is inf·0 from 710 on, and no end of its own where another function is taken of it"
    before = Expm1(U) * Sigmoid(-U)
    after = sp.tanh(U / 2)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To tanh(u/2), once."""
        for factor in e.args if isinstance(e, sp.Mul) else ():
            u = factor.args[0] if isinstance(factor, Expm1) else None
            if u is not None and Sigmoid(-u) in e.args:
                return without(without(e, factor), Sigmoid(-u)) * sp.tanh(u / 2)
        return None


class SumOfOppositeExponentials:
    """c·e^u ± c·e^-u."""

    name = "sum-of-opposite-exponentials"
    reason = "one of the terms overflows from 710 on, and a quotient of two such sums is inf/inf"
    before = sp.exp(U) - sp.exp(-U)
    after = 2 * sp.sinh(U)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To 2c·cosh(u), 2c·sinh(u)."""
        for (first, c, u), (second, d, v) in combinations(list(terms_with(e, sp.exp)), 2):
            if c in (d, -d) and sp.expand(u + v) == 0:
                function = sp.cosh if c == d else sp.sinh
                c, u = (d, v) if u.could_extract_minus_sign() else (c, u)
                return e - first - second + 2 * c * function(u)
        return None


class LogOfTanh:
    """log(tanh(u))."""

    name = "log-of-tanh"
    reason = "tanh(u) is 1 from 19 on, where its logarithm is still -2·e^(-2u)"
    before = sp.log(sp.tanh(U**2))
    after = Select(U**2 - 1, Log1p(-2 * Sigmoid(-2 * U**2)), sp.log(sp.tanh(U**2)))

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To log1p(-2·sigmoid(-2u)) from 1 on."""
        inner = e.args[0] if isinstance(e, sp.log) else sp.Integer(0)
        negative = isinstance(-inner, sp.tanh)
        if not negative and not isinstance(inner, sp.tanh):
            return None
        u = -(-inner).args[0] if negative else inner.args[0]
        if isinstance(u, Select) or isinstance(-u, Select):
            return None
        test = u - 1
        high, low = Select(test, u, sp.Integer(1)), Select(test, sp.Integer(1), u)
        return Select(test, Log1p(-2 * Sigmoid(-2 * high)), sp.log(sp.tanh(low)))
