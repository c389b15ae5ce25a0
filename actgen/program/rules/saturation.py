"""Rules for what is left of sigmoid, tanh, erf and atan beside their limits."""

from __future__ import annotations

from itertools import combinations

import sympy as sp

from actgen.program.rules.rule import U, V, paired, terms_with
from actgen.program.stable import Erfc, Expm1, Log1p, Sech
from actgen.symbolic.functions import Sigmoid, Softplus


class SigmoidTail:
    """c - c·sigmoid(u)."""

    name = "sigmoid-tail"
    reason = "1 - sigmoid(u) vanishes from u = 37 on"
    before = 1 - Sigmoid(U)
    after = Sigmoid(-U)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """C - c·sigmoid(u) to c·sigmoid(-u)."""
        for c, u, rest, same_sign in paired(e, Sigmoid):
            if not same_sign:
                return rest - c * Sigmoid(-u)
        return None


class TanhTail:
    """c ± c·tanh(u) and c - c·tanh(u)²."""

    name = "tanh-tail"
    reason = "1 - tanh(u) and 1 - tanh(u)² vanish from u = 19 on"
    before = 1 - sp.tanh(U) ** 2
    after = Sech(U) ** 2

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To 2c·sigmoid(±2u), or to c·sech(u)²."""
        for c, u, rest, same_sign in paired(e, sp.tanh):
            return rest + (2 * c * Sigmoid(2 * u) if same_sign else -2 * c * Sigmoid(-2 * u))
        for c, u, rest, same_sign in paired(e, sp.tanh, 2):
            if not same_sign:
                return rest - c * Sech(u) ** 2
        return None


class ErfcTail:
    """c ± c·erf(u)."""

    name = "erfc-tail"
    reason = "1 + erf(u) cancels for negative u and is 0 below -5.9"
    before = 1 + sp.erf(U)
    after = Erfc(-U)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """C + c·erf(u) to c·erfc(-u), c - c·erf(u) to c·erfc(u)."""
        for c, u, rest, same_sign in paired(e, sp.erf):
            return rest + (c * Erfc(-u) if same_sign else -c * Erfc(u))
        return None


class ErfcReflection:
    """2c - c·erfc(u)."""

    name = "erfc-reflection"
    reason = "2 - erfc(u) cancels for negative u and is 0 below -5.9"
    before = 2 - Erfc(U)
    after = Erfc(-U)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To c·erfc(-u)."""
        for term, c, u in (*terms_with(e, sp.erfc), *terms_with(e, Erfc)):
            if -2 * c in e.args:
                return e - term + 2 * c - c * Erfc(-u)
        return None


class ArctanTail:
    """c·atan(u) ± c·π/2."""

    name = "arctan-tail"
    reason = "π/2 + atan(u) cancels for large negative u"
    before = sp.pi / 2 + sp.atan(U)
    after = sp.atan2(1, -U)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """π/2 + atan(u) to atan2(1, -u), atan(u) - π/2 to -atan2(1, u)."""
        for term, c, u in terms_with(e, sp.atan):
            for partner in e.args:
                if partner == c * sp.pi / 2:
                    return e - term - partner + c * sp.atan2(1, -u)
                if partner == -c * sp.pi / 2:
                    return e - term - partner - c * sp.atan2(1, u)
        return None


class AngleDifference:
    """c·atan(a) ± c·atan(b)."""

    name = "angle-difference"
    reason = "in the tails both terms round to the same number"
    before = sp.atan(U + 1) - sp.atan(U)
    after = sp.atan2(1, 1 + U * (U + 1))

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To c·atan2(a - b, 1 + ab): the angle between two directions to the right."""
        for (first, c, a), (second, d, b) in combinations(list(terms_with(e, sp.atan)), 2):
            if c in (d, -d):
                b = b if c == -d else -b
                return e - first - second + c * sp.atan2(sp.expand(a - b), 1 + a * b)
        return None


class TanhDifference:
    """c·tanh(a) ± c·tanh(b)."""

    name = "tanh-difference"
    reason = "in the tails both terms round to the same number"
    before = sp.tanh(U + 1) - sp.tanh(U)
    after = sp.sinh(1) * Sech(U + 1) * Sech(U)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To c·sinh(a - b)·sech(a)·sech(b)."""
        for (first, c, a), (second, d, b) in combinations(list(terms_with(e, sp.tanh)), 2):
            if c in (d, -d):
                b = b if c == -d else -b
                return e - first - second + c * sp.sinh(sp.expand(a - b)) * Sech(a) * Sech(b)
        return None


class Logistic:
    """e^(ku)/(1 + e^u)^n."""

    name = "logistic"
    reason = "e^u/(1 + e^u) is inf/inf from 710 on"
    before = 1 / (1 + sp.exp(U))
    after = Sigmoid(-U)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """(1 + e^u)^-n to sigmoid(-u)^n; e^u·sigmoid(-u) to sigmoid(u)."""
        if isinstance(e, sp.Pow) and e.exp.is_Integer and e.exp < 0 and isinstance(e.base, sp.Add):
            one, other = e.base.as_coeff_Add()
            if one == 1 and isinstance(other, sp.exp):
                return Sigmoid(-other.args[0]) ** -e.exp
        if isinstance(e, sp.Mul):
            return self._merge(e)
        return None

    def _merge(self, e: sp.Mul) -> sp.Expr | None:
        exponent = sum((f.args[0] for f in e.args if isinstance(f, sp.exp)), sp.Integer(0))
        if exponent == 0:
            return None
        for factor in e.args:
            base, power = factor.as_base_exp()
            if isinstance(base, Sigmoid) and power.is_Integer and power > 0:
                u = -base.args[0]
                times = (exponent / u).cancel() if u != 0 else None
                if times is not None and times.is_Integer and times >= 1:
                    count = sp.Min(times, power)
                    if sp.expand(exponent - count * u) == 0:  # SymPy leaves e^(a - b)·e^(b - a)
                        others = (f for f in e.args if f != factor and not isinstance(f, sp.exp))
                        return sp.Mul(*others, base ** (power - count), Sigmoid(u) ** count)
                    return e / base**count * sp.exp(-count * u) * Sigmoid(u) ** count
        return None


class Difference:
    """c·F(a) - c·F(b) for the sigmoid and softplus."""

    name = "logistic-difference"
    reason = "in the tails both terms round to the same number"
    before = Sigmoid(U) - Sigmoid(V)
    after = -Sigmoid(U) * Sigmoid(-V) * Expm1(V - U)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """sigmoid(a) - sigmoid(b) to -sigmoid(a)·sigmoid(-b)·expm1(b - a); softplus likewise under log1p, and
        softplus(a) - softplus(-a) to a.
        """
        for function in (Sigmoid, Softplus):
            terms = list(terms_with(e, function))
            for (first, c, a), (second, d, b) in combinations(terms, 2):
                if c + d != 0:
                    continue
                if c.could_extract_minus_sign():
                    a, b, c = b, a, d
                if function is Softplus and a + b == 0:
                    return e - first - second + c * a
                joined = (
                    -Sigmoid(a) * Sigmoid(-b) * Expm1(sp.expand(b - a))
                    if function is Sigmoid
                    else Log1p(Sigmoid(b) * Expm1(sp.expand(a - b)))
                )
                return e - first - second + c * joined
        return None
