"""Rules 1 and 2 of the numerics: rewrites that keep digits where the textbook form cancels or overflows.

Each rule is a small class with its name, its reason and a before/after pair, which its test runs at high precision.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Protocol

import sympy as sp

from actgen.program.stable import Erfc, Expm1, Log1p, Sech, Select
from actgen.symbolic.functions import Cbrt, LogAddExp, RealPow, Sigmoid, Softplus

_u = sp.Symbol("u", real=True)
_v = sp.Symbol("v", real=True)


class Rule(Protocol):
    """A rewrite of one node of an expression whose parts are already rewritten."""

    name: str
    reason: str
    before: sp.Expr
    after: sp.Expr

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """The better form, or None if the rule does not match."""
        ...


def _paired(e: sp.Expr, function: type[sp.Basic], power: int = 1) -> Iterator[tuple[sp.Expr, sp.Expr, sp.Expr, bool]]:
    """Pairs c·F(u)^power and ±c in a sum: yields (c, u, the rest of the sum, whether the constant is +c)."""
    if not isinstance(e, sp.Add):
        return
    for term in e.args:
        for factor in sp.Mul.make_args(term):
            base, exponent = factor.as_base_exp() if power != 1 else (factor, sp.Integer(1))
            if not isinstance(base, function) or (power != 1 and exponent != power):
                continue
            coefficient = term / factor
            for partner, same_sign in ((coefficient, True), (-coefficient, False)):
                if partner in e.args:
                    yield coefficient, base.args[0], e - term - partner, same_sign


class ExpMinusOne:
    """c·e^u - c."""

    name = "exp-minus-one"
    reason = "e^u - 1 loses every digit of u near 0"
    before = sp.exp(_u) - 1
    after = Expm1(_u)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """c·e^u - c to c·expm1(u)."""
        for c, u, rest, same_sign in _paired(e, sp.exp):
            if not same_sign:
                return rest + c * Expm1(u)
        return None


class LogOnePlus:
    """log(1 + v)."""

    name = "log-one-plus"
    reason = "1 + v rounds away a small v; log(1 + e^u) overflows"
    before = sp.log(1 + _v**2)
    after = Log1p(_v**2)

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
    before = sp.log(_v + sp.exp(_u))
    after = Select(_u, _u + Log1p(_v * sp.exp(-_u)), sp.log(_v + sp.exp(_u)))

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To u + log1p(v·e^-u) for positive u."""
        if not isinstance(e, sp.log) or not isinstance(e.args[0], sp.Add):
            return None
        exponentials = [t for t in e.args[0].args if isinstance(t, sp.exp) and t.args[0].free_symbols]
        rest = e.args[0] - sp.Add(*exponentials)
        if len(exponentials) != 1 or rest.has(sp.exp):
            return None
        u = exponentials[0].args[0]
        if isinstance(u, Select):
            return None
        high, low = Select(u, u, sp.Integer(0)), Select(u, sp.Integer(0), u)
        return Select(u, u + Log1p(rest * sp.exp(-high)), sp.log(rest + sp.exp(low)))


class LogOneMinusExp:
    """log(1 - e^v)."""

    name = "log-one-minus-exp"
    reason = "log(-expm1(v)) is 0 from v = -37 down, log1p(-e^v) has no digit near v = 0"
    before = sp.log(-Expm1(_v))
    after = Select(_v + sp.log(2), sp.log(-Expm1(_v)), Log1p(-sp.exp(_v)))

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """log(-expm1(v)) to log1p(-e^v) below -log 2."""
        if not isinstance(e, sp.log) or not isinstance(-e.args[0], Expm1):
            return None
        v = (-e.args[0]).args[0]
        inside = Select(v + sp.log(2), v, -sp.log(2))
        return Select(v + sp.log(2), sp.log(-Expm1(inside)), Log1p(-sp.exp(v)))


class LogOfSigmoid:
    """log(sigmoid(u)) and e^(±softplus(u))."""

    name = "log-sigmoid"
    reason = "sigmoid(u) underflows long before its logarithm is out of range"
    before = sp.log(Sigmoid(_u))
    after = -Softplus(-_u)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """log(sigmoid(u)) to -softplus(-u); e^-softplus(u) to sigmoid(-u); e^softplus(u) to 1 + e^u."""
        if isinstance(e, sp.log) and isinstance(e.args[0], Sigmoid):
            return -Softplus(-e.args[0].args[0])
        if isinstance(e, sp.exp):
            coefficient, inner = e.args[0].as_coeff_Mul()
            if isinstance(inner, Softplus) and coefficient.is_Integer:
                u = inner.args[0]
                return Sigmoid(-u) ** -coefficient if coefficient < 0 else (1 + sp.exp(u)) ** coefficient
        return None


class LogOfRatio:
    """log(A/B)."""

    name = "log-of-ratio"
    reason = "(1 + e^u)/(1 + e^v) is inf/inf while its logarithm is u - v"
    before = sp.log((1 + sp.exp(_u)) / (1 + sp.exp(_v)))
    after = Softplus(_u) - Softplus(_v)

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


class LogCosh:
    """log(cosh(u))."""

    name = "log-cosh"
    reason = "cosh(u) overflows at 710 where its logarithm is 709"
    before = sp.log(sp.cosh(_u))
    after = Softplus(2 * _u) - _u - sp.log(2)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """log(cosh(u)) to softplus(2u) - u - log 2."""
        if isinstance(e, sp.log) and isinstance(e.args[0], sp.cosh):
            u = e.args[0].args[0]
            return Softplus(2 * u) - u - sp.log(2)
        return None


class ErfcTail:
    """c ± c·erf(u)."""

    name = "erfc-tail"
    reason = "1 + erf(u) cancels for negative u and is 0 below -5.9"
    before = 1 + sp.erf(_u)
    after = Erfc(-_u)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """C + c·erf(u) to c·erfc(-u), c - c·erf(u) to c·erfc(u)."""
        for c, u, rest, same_sign in _paired(e, sp.erf):
            return rest + (c * Erfc(-u) if same_sign else -c * Erfc(u))
        return None


class TanhTail:
    """c ± c·tanh(u) and c - c·tanh(u)²."""

    name = "tanh-tail"
    reason = "1 - tanh(u) and 1 - tanh(u)² vanish from u = 19 on"
    before = 1 - sp.tanh(_u) ** 2
    after = Sech(_u) ** 2

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To 2c·sigmoid(±2u), or to c·sech(u)²."""
        for c, u, rest, same_sign in _paired(e, sp.tanh):
            return rest + (2 * c * Sigmoid(2 * u) if same_sign else -2 * c * Sigmoid(-2 * u))
        for c, u, rest, same_sign in _paired(e, sp.tanh, 2):
            if not same_sign:
                return rest - c * Sech(u) ** 2
        return None


class SigmoidTail:
    """c - c·sigmoid(u)."""

    name = "sigmoid-tail"
    reason = "1 - sigmoid(u) vanishes from u = 37 on"
    before = 1 - Sigmoid(_u)
    after = Sigmoid(-_u)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """C - c·sigmoid(u) to c·sigmoid(-u)."""
        for c, u, rest, same_sign in _paired(e, Sigmoid):
            if not same_sign:
                return rest - c * Sigmoid(-u)
        return None


class HalfAngle:
    """c·cos(u) - c and c·cosh(u) - c."""

    name = "half-angle"
    reason = "1 - cos(u) keeps no digit of u²/2 near 0"
    before = 1 - sp.cos(_u)
    after = 2 * sp.sin(_u / 2) ** 2

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To ∓2c·sin(u/2)², ±2c·sinh(u/2)²."""
        for c, u, rest, same_sign in _paired(e, sp.cos):
            if not same_sign:
                return rest - 2 * c * sp.sin(u / 2) ** 2
        for c, u, rest, same_sign in _paired(e, sp.cosh):
            if not same_sign:
                return rest + 2 * c * sp.sinh(u / 2) ** 2
        return None


class ComplexExpMinusOne:
    """c·e^p·cos(q) - c, the real part of e^(p + iq) - 1."""

    name = "complex-exp-minus-one"
    reason = "near p = q = 0 both terms are 1"
    before = sp.exp(_u) * sp.cos(_v) - 1
    after = Expm1(_u) * sp.cos(_v) - 2 * sp.sin(_v / 2) ** 2

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To c·(expm1(p)·cos(q) - 2·sin(q/2)²)."""
        for term, c, q in _terms_with(e, sp.cos):
            for factor in sp.Mul.make_args(c):
                if isinstance(factor, sp.exp) and -c / factor in e.args:
                    rest = c / factor
                    return e - term + rest + rest * (Expm1(factor.args[0]) * sp.cos(q) - 2 * sp.sin(q / 2) ** 2)
        return None


class PythagoreanHyperbolic:
    """Products of cosh and sinh that SymPy leaves: sinh/cosh."""

    name = "sinh-over-cosh"
    reason = "sinh(u)/cosh(u) is inf/inf from 710 on"
    before = sp.sinh(_u) / sp.cosh(_u)
    after = sp.tanh(_u)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """sinh(u)/cosh(u) to tanh(u), 1/cosh(u) to sech(u)."""
        if not isinstance(e, (sp.Mul, sp.Pow)):
            return None
        powers = {f.as_base_exp()[0]: f.as_base_exp()[1] for f in sp.Mul.make_args(e)}
        for base, exponent in powers.items():
            if not isinstance(base, sp.cosh) or not exponent.is_Integer or exponent >= 0:
                continue
            u = base.args[0]
            shared = powers.get(sp.sinh(u), sp.Integer(0))
            count = sp.Min(shared, -exponent) if shared.is_Integer and shared > 0 else sp.Integer(0)
            rest = e / base**exponent / sp.sinh(u) ** count
            return rest * sp.tanh(u) ** count * Sech(u) ** (-exponent - count)
        return None


class Logistic:
    """e^(ku)/(1 + e^u)^n."""

    name = "logistic"
    reason = "e^u/(1 + e^u) is inf/inf from 710 on"
    before = 1 / (1 + sp.exp(_u))
    after = Sigmoid(-_u)

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
                    return e / base**count * sp.exp(-count * u) * Sigmoid(u) ** count
        return None


class Difference:
    """c·F(a) - c·F(b) for the sigmoid and softplus."""

    name = "logistic-difference"
    reason = "in the tails both terms round to the same number"
    before = Sigmoid(_u) - Sigmoid(_v)
    after = -Sigmoid(_u) * Sigmoid(-_v) * Expm1(_v - _u)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """sigmoid(a) - sigmoid(b) to -sigmoid(a)·sigmoid(-b)·expm1(b - a); softplus likewise under log1p."""
        for function in (Sigmoid, Softplus):
            terms = list(_terms_with(e, function))
            for (first, c, a), (second, d, b) in combinations(terms, 2):
                if c + d != 0:
                    continue
                if c.could_extract_minus_sign():
                    a, b, c = b, a, d
                joined = (
                    -Sigmoid(a) * Sigmoid(-b) * Expm1(sp.expand(b - a))
                    if function is Sigmoid
                    else Log1p(Sigmoid(b) * Expm1(sp.expand(a - b)))
                )
                return e - first - second + c * joined
        return None


class ConjugateRoot:
    """√A + B with A - B² simple; B is a polynomial or another root."""

    name = "conjugate-root"
    reason = "√(1 + u²) + u keeps no digit for large negative u, √(1 + u²) - 1 none near 0"
    before = sp.sqrt(1 + _u**2) - 1
    after = _u**2 / (sp.sqrt(1 + _u**2) + 1)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """c·(√A + B) to c·(A - B²)/(√A - B) where B is negative and A - B² is shorter than A."""
        for term, c, root in _roots(e):
            for terms in self._partners(e, term, c):
                b = sp.Add(*(sp.cancel(t / c) for t in terms))
                difference = sp.expand(root.base - sp.expand(b**2))
                if difference.count_ops() >= root.base.count_ops():
                    continue
                joined = self._joined(root, b, sp.factor(difference))
                if joined is not None:
                    return sp.Add(*(t for t in e.args if t is not term and t not in terms)) + c * joined
        return None

    def _joined(self, root: sp.Expr, b: sp.Expr, difference: sp.Expr) -> sp.Expr | None:
        """The better form of √A + B, or None where that is the sum itself."""
        conjugate = difference / (root - b)
        if b.is_number or _is_negative_root(b):
            return conjugate if b.is_negative or _is_negative_root(b) else None
        return Select(-b, conjugate, root + b) if b.is_polynomial(*b.free_symbols) else None

    def _partners(self, e: sp.Expr, term: sp.Expr, c: sp.Expr) -> Iterator[list[sp.Expr]]:
        """The terms that may be c·B: all polynomial ones together, each alone, each other root."""
        ratios = {t: sp.cancel(t / c) for t in e.args if t is not term}
        polynomials = [t for t, b in ratios.items() if b.is_polynomial(*b.free_symbols)]
        if len(polynomials) > 1:
            yield polynomials
        yield from ([t] for t in polynomials)
        yield from ([t] for t, b in ratios.items() if _is_negative_root(b))


class ArctanTail:
    """c·atan(u) ± c·π/2."""

    name = "arctan-tail"
    reason = "π/2 + atan(u) cancels for large negative u"
    before = sp.pi / 2 + sp.atan(_u)
    after = sp.atan2(1, -_u)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """π/2 + atan(u) to atan2(1, -u), atan(u) - π/2 to -atan2(1, u)."""
        for term, c, u in _terms_with(e, sp.atan):
            for partner in e.args:
                if partner == c * sp.pi / 2:
                    return e - term - partner + c * sp.atan2(1, -u)
                if partner == -c * sp.pi / 2:
                    return e - term - partner - c * sp.atan2(1, u)
        return None


class PowerMinusOne:
    """c·B^p - c."""

    name = "power-minus-one"
    reason = "B^p - 1 keeps no digit for small p, or for B near 1"
    before = RealPow(1 + _u**2, _v) - 1
    after = Expm1(_v * Log1p(_u**2))

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


class RootOfPower:
    """cbrt(u^k)."""

    name = "root-of-power"
    reason = "u^k overflows or underflows long before its root does"
    before = Cbrt(_u**2)
    after = Cbrt(_u) ** 2

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To cbrt(u)^k."""
        if isinstance(e, Cbrt) and isinstance(e.args[0], sp.Pow) and e.args[0].exp.is_Integer:
            return Cbrt(e.args[0].base) ** e.args[0].exp
        return None


def _roots(e: sp.Expr) -> Iterator[tuple[sp.Expr, sp.Expr, sp.Pow]]:
    """(term, coefficient, root) of every c·√A in a sum."""
    for term in e.args if isinstance(e, sp.Add) else ():
        for factor in sp.Mul.make_args(term):
            if isinstance(factor, sp.Pow) and factor.exp == sp.Rational(1, 2) and not factor.is_number:
                yield term, term / factor, factor


def _is_negative_root(e: sp.Expr) -> bool:
    """Whether it is -k·√A."""
    coefficient, rest = e.as_coeff_Mul()
    return bool(coefficient.is_negative) and isinstance(rest, sp.Pow) and rest.exp == sp.Rational(1, 2)


def _terms_with(e: sp.Expr, function: type[sp.Basic]) -> Iterator[tuple[sp.Expr, sp.Expr, sp.Expr]]:
    """(term, coefficient, argument) of every c·F(u) in a sum."""
    for term in e.args if isinstance(e, sp.Add) else ():
        for factor in sp.Mul.make_args(term):
            if isinstance(factor, function):
                yield term, term / factor, factor.args[0]


RULES: tuple[Rule, ...] = (
    LogCosh(),
    LogOfRatio(),
    LogOfSigmoid(),
    LogOnePlus(),
    ErfcTail(),
    TanhTail(),
    SigmoidTail(),
    HalfAngle(),
    ConjugateRoot(),
    ArctanTail(),
    PowerMinusOne(),
    RootOfPower(),
    Difference(),
    ExpMinusOne(),
    ComplexExpMinusOne(),
    LogOneMinusExp(),
    LogOfSumWithExp(),
    PythagoreanHyperbolic(),
    Logistic(),
)
"""Every rule, in the order in which they are tried at a node."""


LOGISTIC_RULES: tuple[Rule, ...] = (LogOfRatio(), LogOfSigmoid(), LogOnePlus(), Logistic())
"""The rules that write a formula in sigmoid and softplus, and leave its sums alone."""


def stabilised(e: sp.Expr, rules: Sequence[Rule] = RULES) -> sp.Expr:
    """The expression rewritten bottom-up by every rule until none matches."""
    if e.is_Atom or e.is_number:
        return e
    args = tuple(stabilised(a, rules) if isinstance(a, sp.Expr) else a for a in e.args)
    rebuilt = e if args == e.args else e.func(*args)
    return _settle(rebuilt, rules)


def _settle(e: sp.Expr, rules: Sequence[Rule]) -> sp.Expr:
    for _ in range(20):
        found = next((f for rule in rules if (f := rule.apply(e)) is not None and f != e), None)
        if found is None:
            return e
        e = found
    return e
