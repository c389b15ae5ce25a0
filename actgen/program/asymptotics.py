"""Asymptotic series of a smooth expression for large arguments, by arithmetic on their coefficients.

With X = |x| and t = 1/X a quantity is written as e^E·(c₀·t^v + c₁·t^(v+1) + …), where E is a polynomial in X and log X
without a constant term: E holds what grows or decays faster than any power, v may be negative. Sums of two scales keep
the larger one; the other is smaller beyond all orders. That suffices for what cancels algebraically in a tail
(x·(1/2 + atan(x)/π)), and for ratios of Gaussian tails.

The expansions of erfc and of the gamma family are those of Abramowitz and Stegun, 7.1.23, NIST DLMF 7.12.1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp

from actgen.program import series
from actgen.program.series import Coefficients, NoSeriesError
from actgen.program.stable import Erfc, Expm1, Log1p, Sech
from actgen.symbolic.functions import Cbrt, LogAddExp, RealPow, Sigmoid, Softplus

BIG = sp.Symbol("X", positive=True)
LOG = sp.Symbol("L", positive=True)
"""X = |x|, and its logarithm."""

_ZERO, _ONE = sp.Integer(0), sp.Integer(1)
_DIGITS = 70
_SIMPLE = 10**6
_NEGLIGIBLE = sp.Float("1e-50")


@dataclass(frozen=True, slots=True)
class Tail:
    """e^`exponent`·Σ `coefficients`[k]·t^(`order` + k); the first coefficient is not 0."""

    exponent: sp.Expr
    order: int
    coefficients: tuple[sp.Expr, ...]

    @property
    def leading(self) -> sp.Expr:
        """The coefficient of the largest term."""
        return self.coefficients[0]


def tail(expression: sp.Expr, variable: sp.Symbol, sign: int, terms: int) -> Tail:
    """The expression for large |x| of the given sign.

    Raises:
        NoSeriesError: if there is no such series (an oscillation), or none that this arithmetic finds.
    """
    found = _Asymptotics(variable, sign, terms + 8).of(expression)
    return Tail(found.exponent, found.order, found.coefficients[:terms])


def _number(c: sp.Expr) -> sp.Expr:
    """Rationals stay exact; other numbers become long floats, so that they do not pile up."""
    if c.is_Rational or c.free_symbols:
        return c
    number = sp.Float(sp.N(c, _DIGITS), _DIGITS)
    near = sp.Rational(str(number)).limit_denominator(_SIMPLE)
    return near if abs(number - near) < _NEGLIGIBLE else number


def _is_zero(c: sp.Expr) -> bool:
    if c.is_Rational:
        return c == 0
    if c.free_symbols:
        return sp.expand(c) == 0
    return bool(abs(c) < _NEGLIGIBLE)


def _tail(exponent: sp.Expr, order: int, coefficients: Coefficients) -> Tail:
    """Strips leading zeros."""
    cleaned = [_number(c) for c in coefficients]
    start = next((k for k, c in enumerate(cleaned) if not _is_zero(c)), None)
    if start is None or len(cleaned) - start < 2:
        raise NoSeriesError
    terms = (_number(c) * BIG**k for (k,), c in sp.Poly(exponent, BIG).terms()) if exponent != 0 else ()
    return Tail(sp.Add(*terms), order + start, tuple(cleaned[start:]))


def _growth(exponent: sp.Expr) -> int:
    """The sign of the exponent for large X: 1 grows, -1 decays, 0 is a constant scale.

    Raises:
        NoSeriesError: if it depends on a parameter.
    """
    if exponent == 0:
        return 0
    poly = sp.Poly(exponent, BIG, LOG)
    _, leading = max(zip(poly.monoms(), poly.coeffs(), strict=True))
    return _sign(leading)


def _sign(c: sp.Expr) -> int:
    if c.is_positive:
        return 1
    if c.is_negative:
        return -1
    raise NoSeriesError


class _Asymptotics:
    def __init__(self, variable: sp.Symbol, sign: int, terms: int) -> None:
        self.variable, self.sign, self.terms = variable, sign, terms
        self._memo: dict[sp.Expr, Tail] = {}

    def of(self, e: sp.Expr) -> Tail:
        found = self._memo.get(e)
        if found is None:
            found = self._memo[e] = self._compute(e)
        return found

    def constant(self, value: sp.Expr) -> Tail:
        return _tail(_ZERO, 0, [value, *[_ZERO] * (self.terms - 1)])

    def _compute(self, e: sp.Expr) -> Tail:
        if not e.has(self.variable):
            return self.constant(e)
        if e == self.variable:
            return _tail(_ZERO, -1, [sp.Integer(self.sign), *[_ZERO] * (self.terms - 1)])
        if isinstance(e, sp.Add):
            return self.total([self.of(a) for a in e.args])
        if isinstance(e, sp.Mul):
            return self.product([self.of(a) for a in e.args])
        if isinstance(e, (sp.Pow, RealPow, sp.exp)):
            base, exponent = (sp.E, e.args[0]) if isinstance(e, sp.exp) else e.args
            return self.power(base, exponent)
        rule = _RULES.get(type(e))
        if rule is None:
            raise NoSeriesError
        return rule(self, *(self.of(a) for a in e.args))

    def total(self, parts: list[Tail]) -> Tail:
        """The sum: terms of the largest scale are added, in powers of t."""
        if not parts:
            raise NoSeriesError
        scale = parts[0].exponent
        for part in parts[1:]:
            if _growth(sp.expand(part.exponent - scale)) > 0:
                scale = part.exponent
        kept = [p for p in parts if p.exponent == scale]
        order = min(p.order for p in kept)
        length = min(p.order - order + len(p.coefficients) for p in kept)
        sums = [_ZERO] * length
        for p in kept:
            for k, c in enumerate(p.coefficients[: length - (p.order - order)]):
                sums[k + p.order - order] += c
        return _tail(scale, order, [series.tidy(s) for s in sums])

    def product(self, parts: list[Tail]) -> Tail:
        exponent, order, total = _ZERO, 0, [_ONE, *[_ZERO] * (self.terms - 1)]
        for p in parts:
            exponent, order = exponent + p.exponent, order + p.order
            total = series.multiply(total, list(p.coefficients))
        return _tail(exponent, order, total)

    def scaled(self, factor: sp.Expr, a: Tail) -> Tail:
        return Tail(a.exponent, a.order, tuple(_number(factor * c) for c in a.coefficients))

    def negated(self, a: Tail) -> Tail:
        return self.scaled(sp.Integer(-1), a)

    def one_plus(self, a: Tail) -> Tail:
        return self.total([self.constant(_ONE), a])

    def inverse(self, a: Tail) -> Tail:
        return self.raised(a, sp.Integer(-1))

    def power(self, base: sp.Expr, exponent: sp.Expr) -> Tail:
        if base == sp.E:
            return self.exponential(self.of(exponent))
        if not exponent.has(self.variable):
            return self.raised(self.of(base), exponent)
        return self.exponential(self.product([self.of(exponent), self.logarithm(self.of(base))]))

    def raised(self, a: Tail, exponent: sp.Expr) -> Tail:
        """A power with a constant exponent; a negative base only to integer powers."""
        if not exponent.is_Integer and _sign(a.leading) < 0:
            raise NoSeriesError
        powers = series.real_power(list(a.coefficients), exponent)
        order = exponent * a.order
        scale = exponent * a.exponent
        if not order.is_Integer:
            order, scale = sp.Integer(0), scale - order * LOG
        return _tail(scale, int(order), powers)

    def exponential(self, a: Tail) -> Tail:
        """e^a: the part of `a` that grows goes into the exponent."""
        if a.exponent != 0:
            if _growth(a.exponent) < 0:
                return self.constant(_ONE)
            raise NoSeriesError
        polar = max(0, -a.order)
        if polar >= len(a.coefficients):
            raise NoSeriesError
        growing = sum((c * BIG ** (polar - k) for k, c in enumerate(a.coefficients[:polar])), _ZERO)
        rest = [_ZERO] * max(0, a.order) + list(a.coefficients[polar:])
        logs, rest[0] = _split_logs(rest[0])
        if any(c.has(LOG) for c in rest):
            raise NoSeriesError
        power = sp.expand(logs / LOG)
        order, logs = (-int(power), _ZERO) if power.is_Integer else (0, logs)
        return _tail(growing + logs, order, [_number(c) for c in series.exponential(rest)])

    def logarithm(self, a: Tail) -> Tail:
        if _sign(a.leading) < 0:
            raise NoSeriesError
        coefficients = list(a.coefficients)
        slope = series.divide(series.derivative(coefficients), coefficients)
        plain = series.integral(slope, sp.log(a.leading))
        parts = [_tail(_ZERO, 0, plain)] if any(not _is_zero(_number(c)) for c in plain) else []
        if a.order:
            parts.append(self.constant(-a.order * LOG))
        if a.exponent != 0:
            parts.append(self._polynomial(a.exponent))
        return self.total(parts)

    def _polynomial(self, exponent: sp.Expr) -> Tail:
        """An exponent as a quantity of its own."""
        poly = sp.Poly(exponent, BIG)
        coefficients = [*poly.all_coeffs(), *[_ZERO] * self.terms]
        return _tail(_ZERO, -poly.degree(), coefficients[: self.terms])

    def settled(self, a: Tail, rule: Callable[[Coefficients], Coefficients], odd_limit: sp.Expr | None) -> Tail:
        """F(a) where `a` tends to a number (by power series), or decays: F(a) ~ a, if F(0) = 0 and F'(0) = 1."""
        if a.exponent != 0:
            if _growth(a.exponent) < 0 and odd_limit is not None:
                return a
            raise NoSeriesError
        if a.order < 0:
            raise NoSeriesError
        return _tail(_ZERO, 0, rule([_ZERO] * a.order + list(a.coefficients)))

    def grows(self, a: Tail) -> bool:
        """Whether |a| has no bound."""
        if a.exponent != 0:
            return _growth(a.exponent) > 0
        return a.order < 0 or (a.order == 0 and a.leading.has(LOG))


def _split_logs(c: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """The part with log X, and the rest."""
    logs = sum((t for t in sp.Add.make_args(sp.expand(c)) if t.has(LOG)), _ZERO)
    return logs, sp.expand(c - logs)


def _analytic(function: type[sp.Function]) -> Callable[[Coefficients], Coefficients]:
    return lambda a: series.RULES[function](None, a)


def _finite(function: type[sp.Function], vanishing: bool = False) -> Callable[..., Tail]:
    """For functions without a rule at infinity."""
    return lambda s, a: s.settled(a, _analytic(function), _ONE if vanishing else None)


def _tanh(s: _Asymptotics, a: Tail) -> Tail:
    if not s.grows(a):
        return s.settled(a, _analytic(sp.tanh), _ONE)
    sign = _sign(a.leading)
    decaying = s.exponential(s.scaled(sp.Integer(-2 * sign), a))
    return s.scaled(sp.Integer(sign), s.product([s.one_plus(s.negated(decaying)), s.inverse(s.one_plus(decaying))]))


def _hyperbolic(parity: int) -> Callable[..., Tail]:
    """Of sinh (-1) and cosh (+1)."""

    def rule(s: _Asymptotics, a: Tail) -> Tail:
        if not s.grows(a):
            return s.settled(a, _analytic(sp.sinh if parity < 0 else sp.cosh), _ONE if parity < 0 else None)
        sign = _sign(a.leading)
        grown = s.exponential(a if sign > 0 else s.negated(a))
        return s.scaled(sp.Rational(parity if sign < 0 else 1, 2), grown)

    return rule


def _atan(s: _Asymptotics, a: Tail) -> Tail:
    if not s.grows(a):
        return s.settled(a, _analytic(sp.atan), _ONE)
    small = s.negated(s.settled(s.inverse(a), _analytic(sp.atan), _ONE))
    return s.total([s.constant(_sign(a.leading) * sp.pi / 2), small])


def _asinh(s: _Asymptotics, a: Tail) -> Tail:
    if not s.grows(a):
        return s.settled(a, _analytic(sp.asinh), _ONE)
    sign = _sign(a.leading)
    size = a if sign > 0 else s.negated(a)
    root = s.raised(s.one_plus(s.product([size, size])), sp.Rational(1, 2))
    return s.scaled(sp.Integer(sign), s.logarithm(s.total([size, root])))


def _acosh(s: _Asymptotics, a: Tail) -> Tail:
    if not s.grows(a):
        return s.settled(a, _analytic(sp.acosh), None)
    root = s.raised(s.total([s.product([a, a]), s.constant(sp.Integer(-1))]), sp.Rational(1, 2))
    return s.logarithm(s.total([a, root]))


def _erfc(s: _Asymptotics, a: Tail) -> Tail:
    """e^(-a²)/(a√π)·Σ (-1)ⁿ (2n-1)!!/(2a²)ⁿ for large positive a."""
    if not s.grows(a):
        return s.settled(a, _analytic(sp.erfc), None)
    if _sign(a.leading) < 0:
        return s.constant(sp.Integer(2))
    square = s.product([a, a])
    inverse = s.scaled(sp.Rational(-1, 2), s.inverse(square))
    if inverse.exponent != 0:
        raise NoSeriesError
    total = power = s.constant(_ONE)
    for n in range(1, s.terms // inverse.order + 1):
        power = s.product([power, s.scaled(sp.Integer(2 * n - 1), inverse)])
        total = s.total([total, power])
    bell = s.exponential(s.negated(square))
    return s.product([bell, total, s.inverse(a), s.constant(1 / sp.sqrt(sp.pi))])


def _erf(s: _Asymptotics, a: Tail) -> Tail:
    if not s.grows(a):
        return s.settled(a, _analytic(sp.erf), None)
    return s.constant(sp.Integer(_sign(a.leading)))


def _sigmoid(s: _Asymptotics, a: Tail) -> Tail:
    return s.inverse(s.one_plus(_exp(s, s.negated(a))))


def _softplus(s: _Asymptotics, a: Tail) -> Tail:
    if s.grows(a) and _sign(a.leading) > 0:
        return s.total([a, _log1p(s, _exp(s, s.negated(a)))])
    return _log1p(s, _exp(s, a))


def _exp(s: _Asymptotics, a: Tail) -> Tail:
    return s.exponential(a)


def _log1p(s: _Asymptotics, a: Tail) -> Tail:
    if a.exponent != 0 and _growth(a.exponent) < 0:
        return a
    return s.logarithm(s.one_plus(a))


def _logaddexp(s: _Asymptotics, a: Tail, b: Tail) -> Tail:
    return s.total([b, _softplus(s, s.total([a, s.negated(b)]))])


def _cbrt(s: _Asymptotics, a: Tail) -> Tail:
    sign = _sign(a.leading)
    return s.scaled(sp.Integer(sign), s.raised(s.scaled(sp.Integer(sign), a), sp.Rational(1, 3)))


_RULES: dict[type[sp.Basic], Callable[..., Tail]] = {
    sp.log: lambda s, a: s.logarithm(a),
    Log1p: _log1p,
    Expm1: lambda s, a: s.total([_exp(s, a), s.constant(sp.Integer(-1))]),
    sp.sin: _finite(sp.sin, vanishing=True),
    sp.cos: _finite(sp.cos),
    sp.tan: _finite(sp.tan, vanishing=True),
    sp.sinh: _hyperbolic(-1),
    sp.cosh: _hyperbolic(1),
    Sech: lambda s, a: s.inverse(_hyperbolic(1)(s, a)),
    sp.tanh: _tanh,
    sp.asin: _finite(sp.asin, vanishing=True),
    sp.acos: _finite(sp.acos),
    sp.atan: _atan,
    sp.asinh: _asinh,
    sp.acosh: _acosh,
    sp.atanh: _finite(sp.atanh, vanishing=True),
    sp.erf: _erf,
    sp.erfc: _erfc,
    Erfc: _erfc,
    Sigmoid: _sigmoid,
    Softplus: _softplus,
    LogAddExp: _logaddexp,
    Cbrt: _cbrt,
}
