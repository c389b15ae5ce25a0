"""Rules for logarithms of sums, products and saturating functions."""

from __future__ import annotations

import sympy as sp

from actgen.program.rules.rule import U, V
from actgen.program.stable import Expm1, Log1p, Select
from actgen.symbolic.functions import LogAddExp, Sigmoid, Softplus

_LOW = sp.Integer(40)

LARGE = sp.Integer(64)
"""From here on a logarithm of a multiple of e^u is taken apart; e^64 is far from overflowing, in float32 too."""


class LogOnePlus:
    """log(1 + v)."""

    name = "log-one-plus"
    reason = "1 + v rounds away a small v; log(1 + e^u) overflows"
    before = sp.log(1 + V**2)
    after = Log1p(V**2)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """log(1 + e^u) to softplus(u), log(a + b·e^u) likewise, or to log1p(b·expm1(u)) where a + b = 1; log(1 + v) to
        log1p(v), log(e^u + e^v) to logaddexp.
        """
        if isinstance(e, Log1p) and isinstance(e.args[0], sp.exp):
            return Softplus(e.args[0].args[0])
        if not isinstance(e, sp.log) or not isinstance(e.args[0], sp.Add):
            return None
        inner = e.args[0]
        constant, rest = inner.as_coeff_Add()
        if constant == 1:
            return Softplus(rest.args[0]) if isinstance(rest, sp.exp) else Log1p(rest)
        coefficient, power = rest.as_coeff_Mul()
        if constant + coefficient == 1 and isinstance(power, sp.exp):
            return Log1p(coefficient * Expm1(power.args[0]))
        if constant.is_positive and coefficient.is_positive and isinstance(power, sp.exp):
            return sp.log(constant) + Softplus(power.args[0] + sp.log(coefficient / constant))
        if inner.is_polynomial() or not inner.has(sp.exp):
            expanded = sp.expand(inner) if any(t.is_Pow or t.is_Mul for t in inner.args) else inner
            one, others = expanded.as_coeff_Add()
            if one == 1:
                return Log1p(sp.factor_terms(others))
        terms = inner.args
        if len(terms) == 2 and all(isinstance(t, sp.exp) for t in terms):
            return LogAddExp(*(t.args[0] for t in terms))
        return None


class LogOfSumWithExp:
    """log(v + e^u)."""

    name = "log-of-sum-with-exp"
    reason = "e^u overflows while its logarithm is u; v may have any sign"
    before = sp.log(V + sp.exp(U))
    after = Select(U, U + Log1p(V * sp.exp(-U)), sp.log(V + sp.exp(U)))

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To u + log1p(v·e^-u) for positive u."""
        if not isinstance(e, sp.log) or not isinstance(e.args[0], sp.Add):
            return None
        exponentials = [t for t in e.args[0].args if isinstance(t, sp.exp) and t.args[0].free_symbols]
        rest = e.args[0] - sp.Add(*exponentials)
        if len(exponentials) != 1 or rest.has(sp.exp):
            return None
        u = exponentials[0].args[0]
        if isinstance(u, Select) or isinstance(-u, Select):  # that is one half of a split already
            return None
        high, low = Select(u, u, sp.Integer(0)), Select(u, sp.Integer(0), u)
        return Select(u, u + Log1p(rest * sp.exp(-high)), sp.log(rest + sp.exp(low)))


class LogOnePlusMultiple:
    """log1p(v·e^u)."""

    name = "log-one-plus-multiple"
    reason = "e^u overflows while the logarithm is u + log(v); before it does, v may be as small as e^-u"
    before = Log1p(V**2 * sp.exp(U))
    after = Select(U - LARGE, U + sp.log(V**2 + sp.exp(-U)), Log1p(V**2 * sp.exp(U)))

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To u + log(v + e^-u) for large u."""
        if not isinstance(e, Log1p) or not isinstance(e.args[0], sp.Mul):
            return None
        exponentials = [f for f in e.args[0].args if isinstance(f, sp.exp) and f.args[0].free_symbols]
        multiple = e.args[0] / sp.Mul(*exponentials)
        if len(exponentials) != 1 or multiple.has(sp.exp) or multiple.is_negative:
            return None
        u = exponentials[0].args[0]
        if isinstance(u, Select):
            return None
        test = u - LARGE
        high, low = Select(test, u, LARGE), Select(test, sp.Integer(0), u)
        return Select(test, u + sp.log(multiple + sp.exp(-high)), Log1p(multiple * sp.exp(low)))


class LogOneMinusExp:
    """log(1 - e^v)."""

    name = "log-one-minus-exp"
    reason = "log(-expm1(v)) is 0 from v = -37 down, log1p(-e^v) has no digit near v = 0"
    before = sp.log(-Expm1(V))
    after = Select(V + sp.log(2), sp.log(-Expm1(V)), Log1p(-sp.exp(V)))

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """log(-expm1(v)) to log1p(-e^v) below -log 2."""
        if not isinstance(e, sp.log) or not isinstance(-e.args[0], Expm1):
            return None
        v = (-e.args[0]).args[0]
        inside = Select(v + sp.log(2), v, -sp.log(2))
        return Select(v + sp.log(2), sp.log(-Expm1(inside)), Log1p(-sp.exp(v)))


class LogOfExpMinusOne:
    """log(e^u - 1)."""

    name = "log-exp-minus-one"
    reason = "e^u overflows where its logarithm is u; below, what u and the logarithm differ by has no digit"
    before = sp.log(Expm1(U))
    after = Select(U - 1, U + Log1p(-sp.exp(-U)), sp.log(Expm1(U)))

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To u + log1p(-e^-u) above 1: e^u - 1 is e^u·(1 - e^-u)."""
        if not isinstance(e, sp.log) or not isinstance(e.args[0], Expm1) or isinstance(e.args[0].args[0], Select):
            return None
        u = e.args[0].args[0]
        high, low = Select(u - 1, u, sp.Integer(1)), Select(u - 1, sp.Integer(1), u)
        return Select(u - 1, u + Log1p(-sp.exp(-high)), sp.log(Expm1(low)))


class LogOfSigmoid:
    """log(sigmoid(u)) and e^(±softplus(u))."""

    name = "log-sigmoid"
    reason = "sigmoid(u) underflows long before its logarithm is out of range"
    before = sp.log(Sigmoid(U))
    after = -Softplus(-U)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """log(sigmoid(u)) to -softplus(-u), log1p(-sigmoid(u)) to -softplus(u); e^-softplus(u) to sigmoid(-u)."""
        if isinstance(e, Log1p) and isinstance(-e.args[0], Sigmoid):
            return -Softplus((-e.args[0]).args[0])
        if isinstance(e, sp.log) and isinstance(e.args[0], Sigmoid):
            return -Softplus(-e.args[0].args[0])
        if isinstance(e, sp.exp):
            coefficient, inner = e.args[0].as_coeff_Mul()
            if isinstance(inner, Softplus) and coefficient.is_Integer:
                u = inner.args[0]
                return Sigmoid(-u) ** -coefficient if coefficient < 0 else (1 + sp.exp(u)) ** coefficient
        return None


class LogOfSoftplus:
    """log(softplus(u))."""

    name = "log-of-softplus"
    reason = "softplus(u) vanishes at -746, its logarithm is u there"
    before = sp.log(Softplus(U))
    after = Select(U + 40, sp.log(Softplus(U)), U - sp.exp(U) / 2)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To u below -40, where e^u/2, the next term, is less than a rounding."""
        if not isinstance(e, sp.log) or not isinstance(e.args[0], Softplus) or isinstance(e.args[0].args[0], Select):
            return None
        u = e.args[0].args[0]
        inside = Select(u + _LOW, u, -_LOW)
        return Select(u + _LOW, sp.log(Softplus(inside)), u)


class LogOfRatio:
    """log(A/B)."""

    name = "log-of-ratio"
    reason = "(1 + e^u)/(1 + e^v) is inf/inf while its logarithm is u - v"
    before = sp.log((1 + sp.exp(U)) / (1 + sp.exp(V)))
    after = Softplus(U) - Softplus(V)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """Log of a product of powers of 1 + e^u, sigmoid and e^v to a sum."""
        if not isinstance(e, sp.log) or not isinstance(e.args[0], (sp.Mul, sp.Pow)):
            return None
        total = sp.Integer(0)
        for factor in sp.Mul.make_args(e.args[0]):
            base, power = factor.as_base_exp()
            if isinstance(factor, sp.exp):
                total += factor.args[0]
            elif isinstance(base, Sigmoid):
                total -= power * Softplus(-base.args[0])
            elif isinstance(base, sp.Add) and base.as_coeff_Add()[0] == 1 and isinstance(base - 1, sp.exp):
                total += power * Softplus((base - 1).args[0])
            else:
                return None
        return total


class LogNearOne:
    """log(A/B) with A - B simpler than A."""

    name = "log-near-one"
    reason = "(u² + 2)/(u² + 1) rounds to 1 for large u"
    before = sp.log((U**2 + 2) / (U**2 + 1))
    after = Log1p(1 / (U**2 + 1))

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To log1p((A - B)/B)."""
        if not isinstance(e, sp.log) or not isinstance(e.args[0], sp.Mul):
            return None
        top, bottom = sp.fraction(e.args[0])
        difference = sp.expand(top - bottom)
        if bottom.is_number or difference.count_ops() >= sp.expand(top).count_ops():
            return None
        return Log1p(difference / bottom)


class AcoshOnePlus:
    """acosh(1 + v)."""

    name = "acosh-one-plus"
    reason = "1 + v rounds away a small v, and acosh(1 + v) is √(2v) there"
    before = sp.acosh(1 + V**2)
    after = Log1p(V**2 + sp.sqrt(V**2 * (V**2 + 2)))

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To log1p(v + √(v·(v + 2)))."""
        if not isinstance(e, sp.acosh) or e.args[0].as_coeff_Add()[0] != 1:
            return None
        v = e.args[0] - 1
        return Log1p(v + sp.sqrt(v * (v + 2)))


class LogCosh:
    """log(c·cosh(u))."""

    name = "log-cosh"
    reason = "cosh(u) overflows at 710 where its logarithm is 709"
    before = sp.log(sp.cosh(U))
    after = Softplus(2 * U) - U - sp.log(2)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To softplus(2u) - u + log(c/2) for positive numbers c."""
        if isinstance(e, sp.log):
            c, cosh = e.args[0].as_coeff_Mul()
            if isinstance(cosh, sp.cosh) and c.is_positive:
                u = cosh.args[0]
                return Softplus(2 * u) - u + sp.log(c / 2)
        return None
