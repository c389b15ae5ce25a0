"""Rules for a tanh that is written out in exponentials, and for its logarithm."""

from __future__ import annotations

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


class TanhOfTwoExponentials:
    """(e^u - e^-u)/(e^u + e^-u)."""

    name = "tanh-of-two-exponentials"
    reason = "it is inf/inf from 710 on"
    before = (sp.exp(U) - sp.exp(-U)) / (sp.exp(U) + sp.exp(-U))
    after = sp.tanh(U)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """c·(e^u - e^-u)/(d·(e^u + e^-u)) to c/d·tanh(u)."""
        for above in e.args if isinstance(e, sp.Mul) else ():
            for below in e.args:
                if below.is_Pow and below.exp == -1 and (quotient := _tanh(above, below.base)) is not None:
                    return without(without(e, above), below) * quotient
        return None


def _tanh(above: sp.Expr, below: sp.Expr) -> sp.Expr | None:
    tops, bottoms = (list(terms_with(part, sp.exp)) for part in (above, below))
    if len(tops) != 2 or len(bottoms) != 2 or len(above.args) != 2 or len(below.args) != 2:
        return None
    (_, c, u), (_, minus_c, minus_u) = tops
    (_, d, v), (_, same_d, minus_v) = bottoms
    opposite = c + minus_c == 0 and u + minus_u == 0 and d == same_d and v + minus_v == 0
    return c / d * sp.tanh(u) if opposite and u in (v, minus_v) else None


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
