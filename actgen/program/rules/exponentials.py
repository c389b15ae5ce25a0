"""Rules for sums and quotients of exponentials and hyperbolic functions."""

from __future__ import annotations

from itertools import combinations

import sympy as sp

from actgen.program.rules.logarithms import LogOneMinusExp, LogOnePlusMultiple
from actgen.program.rules.rule import U, V, paired, terms_with, without
from actgen.program.stable import Expm1, Log1p, Sech, Select
from actgen.symbolic.functions import RealPow, Sigmoid, Softplus


class ExpMinusOne:
    """c·e^u - c."""

    name = "exp-minus-one"
    reason = "e^u - 1 loses every digit of u near 0"
    before = sp.exp(U) - 1
    after = Expm1(U)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """c·e^u - c to c·expm1(u)."""
        for c, u, rest, same_sign in paired(e, sp.exp):
            if not same_sign:
                return rest + c * Expm1(u)
        return None


class ComplexExpMinusOne:
    """c·e^p·cos(q) - c, the real part of e^(p + iq) - 1."""

    name = "complex-exp-minus-one"
    reason = "near p = q = 0 both terms are 1"
    before = sp.exp(U) * sp.cos(V) - 1
    after = Expm1(U) * sp.cos(V) - 2 * sp.sin(V / 2) ** 2

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To c·(expm1(p)·cos(q) - 2·sin(q/2)²)."""
        for term, c, q in terms_with(e, sp.cos):
            for factor in sp.Mul.make_args(c):
                if isinstance(factor, sp.exp) and -c / factor in e.args:
                    rest = c / factor
                    return e - term + rest + rest * (Expm1(factor.args[0]) * sp.cos(q) - 2 * sp.sin(q / 2) ** 2)
        return None


class ExpDifference:
    """c·e^a - c·e^b."""

    name = "exp-difference"
    reason = "where a and b are close, the terms cancel"
    before = sp.exp(U + V) - sp.exp(U - V)
    after = sp.exp(U - V) * Expm1(2 * V)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To c·e^b·expm1(a - b), where a - b is shorter than a and b."""
        for (first, c, a), (second, d, b) in combinations(list(terms_with(e, sp.exp)), 2):
            exponent = sp.expand(a - b)
            longest = max(len(sp.Add.make_args(sp.expand(u))) for u in (a, b))
            if c + d == 0 and len(sp.Add.make_args(exponent)) < longest:
                return e - first - second + c * sp.exp(b) * Expm1(exponent)
        return None


class PowerMinusOne:
    """c·B^p - c."""

    name = "power-minus-one"
    reason = "B^p - 1 keeps no digit for small p, or for B near 1"
    before = RealPow(1 + U**2, V) - 1
    after = Expm1(V * Log1p(U**2))

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """c·B^p - c to c·expm1(p·log(B)) for B = 1 + u, a sigmoid, or 1 - e^u."""
        for term in sp.Add.make_args(e) if isinstance(e, sp.Add) else ():
            for factor in sp.Mul.make_args(term):
                base, power = factor.args if isinstance(factor, (RealPow, sp.Pow)) else (factor, sp.Integer(1))
                logarithm = self._logarithm(base)
                if logarithm is None or (power.is_Integer and not isinstance(base, Sigmoid)) or power == 1:
                    continue
                c = term / factor
                if -c in e.args:
                    return e - term + c + c * Expm1(power * logarithm)
        return None

    def _logarithm(self, base: sp.Expr) -> sp.Expr | None:
        if isinstance(base, Sigmoid):
            return -Softplus(-base.args[0])
        if isinstance(-base, Expm1):
            return LogOneMinusExp().apply(sp.log(base))
        return Log1p(base - 1) if isinstance(base, sp.Add) and base.as_coeff_Add()[0] == 1 else None


class PowerOfOnePlusExp:
    """(1 + v·e^u)^p."""

    name = "power-of-one-plus-exp"
    reason = "e^u overflows long before a small or a negative power of it does"
    before = RealPow(1 + sp.exp(U), V)
    after = sp.exp(V * Softplus(U))

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To e^(p·softplus(u)), e^(p·log1p(v·e^u))."""
        if not isinstance(e, (RealPow, sp.Pow)) or not isinstance(e.args[0], sp.Add) or e.args[1].is_Integer:
            return None
        base, power = e.args
        one, rest = base.as_coeff_Add()
        factors = sp.Mul.make_args(rest)
        grows = any(isinstance(f, sp.exp) and f.args[0].free_symbols for f in factors)
        if one != 1 or not grows or any(f.is_negative for f in factors):
            return None
        return sp.exp(power * (Softplus(rest.args[0]) if isinstance(rest, sp.exp) else Log1p(rest)))


class PowerOfOnePlusFraction:
    """(1 + v/p)^(a·p + b), e^(a·v) for large p."""

    name = "power-of-one-plus-fraction"
    reason = "1 + v/p keeps no digit of v for large p, and the power brings them back"
    before = RealPow(1 + U**2 / V, V)
    after = sp.exp(V * Log1p(U**2 / V))

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To e^((a·p + b)·log1p(v/p)) where p divides v."""
        if not isinstance(e, RealPow):
            return None
        base, power = e.args
        one, v = base.as_coeff_Add()
        divisors = sp.fraction(sp.together(v))[1].free_symbols
        if one != 1 or not any(power.is_polynomial(p) and power.has(p) for p in divisors):
            return None
        return sp.exp(power * Log1p(v))


class PowerOfOnePlusMultiple:
    """e^(p·log1p(v·e^u)), what is left of (1 + v·e^u)^p."""

    name = "power-of-one-plus-multiple"
    reason = "e^u overflows where a small or a negative power of it is an ordinary number"
    before = sp.exp(V * Log1p(U**2 * sp.exp(U)))
    after = sp.exp(V * Select(U, U + sp.log(U**2 + sp.exp(-U)), Log1p(U**2 * sp.exp(U))))

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """The logarithm as u + log(v + e^-u) for positive u; likewise in e^(p·log1p(v·e^u)) - 1."""
        if not isinstance(e, (sp.exp, Expm1)):
            return None
        for factor in sp.Mul.make_args(e.args[0]):
            logarithm = LogOnePlusMultiple().apply(factor)
            if logarithm is not None:
                return e.func(without(e.args[0], factor) * logarithm)
        return None


class HalfAngle:
    """c·cos(u) ± c and c·cosh(u) - c."""

    name = "half-angle"
    reason = "1 - cos(u) keeps no digit of u²/2 near 0"
    before = 1 - sp.cos(U)
    after = 2 * sp.sin(U / 2) ** 2

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To 2c·cos(u/2)², -2c·sin(u/2)², 2c·sinh(u/2)²."""
        for c, u, rest, same_sign in paired(e, sp.cos):
            return rest + (2 * c * sp.cos(u / 2) ** 2 if same_sign else -2 * c * sp.sin(u / 2) ** 2)
        for c, u, rest, same_sign in paired(e, sp.cosh):
            if not same_sign:
                return rest + 2 * c * sp.sinh(u / 2) ** 2
        return None


class PythagoreanHyperbolic:
    """Products of cosh and sinh that SymPy leaves: sinh/cosh."""

    name = "sinh-over-cosh"
    reason = "sinh(u)/cosh(u) is inf/inf from 710 on"
    before = sp.sinh(U) / sp.cosh(U)
    after = sp.tanh(U)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """sinh(u)/cosh(u) to tanh(u), 1/cosh(u) to sech(u)."""
        if not isinstance(e, (sp.Mul, sp.Pow)):
            return None
        powers = {f.as_base_exp()[0]: f.as_base_exp()[1] for f in sp.Mul.make_args(e)}
        for base, exponent in powers.items():
            below = exponent if isinstance(base, Sech) else -exponent
            if not isinstance(base, sp.cosh | Sech) or not below.is_Integer or below <= 0:
                continue
            u = base.args[0]
            shared = powers.get(sp.sinh(u), sp.Integer(0))
            count = sp.Min(shared, below) if shared.is_Integer and shared > 0 else sp.Integer(0)
            rest = e / base**exponent / sp.sinh(u) ** count
            found = rest * sp.tanh(u) ** count * Sech(u) ** (below - count)
            if found != e:
                return found
        return None
