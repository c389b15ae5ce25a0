"""Asymptotic series of a smooth expression for large arguments, by arithmetic on their coefficients.

With X = |x| and t = 1/X a quantity is written as e^E·(c₀·t^v + c₁·t^(v+1) + …), where E is a polynomial in X and log X
without a constant term: E holds what grows or decays faster than any power, v may be negative. Sums of two scales keep
the larger one; the other is smaller beyond all orders. That suffices for what cancels algebraically in a tail
(x·(1/2 + atan(x)/π)), and for ratios of Gaussian tails.

What each function does there is in `asymptotic_rules.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sympy as sp

from actgen.program import series
from actgen.program.series import Coefficients, NoSeriesError
from actgen.symbolic.functions import RealPow

BIG = sp.Symbol("X", positive=True)
LOG = sp.Symbol("L", positive=True)
"""X = |x|, and its logarithm."""

Rule = Callable[..., "Tail"]
"""A function on tails; the first argument is the arithmetic."""

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


def growth(exponent: sp.Expr) -> int:
    """The sign of the exponent for large X: 1 grows, -1 decays, 0 is a constant scale.

    Raises:
        NoSeriesError: if it depends on a parameter.
    """
    if exponent == 0:
        return 0
    poly = sp.Poly(exponent, BIG, LOG)
    _, leading = max(zip(poly.monoms(), poly.coeffs(), strict=True))
    return sign_of(leading)


def sign_of(c: sp.Expr) -> int:
    """1 or -1.

    Raises:
        NoSeriesError: if it is not known.
    """
    if c.is_positive:
        return 1
    if c.is_negative:
        return -1
    raise NoSeriesError


class Asymptotics:
    """Arithmetic on tails of one variable, towards one end; `rules` say what each function does to tails."""

    def __init__(self, variable: sp.Symbol, sign: int, terms: int, rules: Mapping[type[sp.Basic], Rule]) -> None:
        self.variable, self.sign, self.terms, self.rules = variable, sign, terms, rules
        self._memo: dict[sp.Expr, Tail] = {}

    def of(self, e: sp.Expr) -> Tail:
        """An expression.

        Raises:
            NoSeriesError: if it has no such series, or none that this arithmetic finds.
        """
        found = self._memo.get(e)
        if found is None:
            found = self._memo[e] = self._compute(e)
        return found

    def constant(self, value: sp.Expr) -> Tail:
        """What does not depend on the variable."""
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
        rule = self.rules.get(type(e))
        if rule is None:
            raise NoSeriesError
        return rule(self, *(self.of(a) for a in e.args))

    def total(self, parts: list[Tail]) -> Tail:
        """The sum: terms of the largest scale are added, in powers of t."""
        if not parts:
            raise NoSeriesError
        scale = parts[0].exponent
        for part in parts[1:]:
            apart = sp.expand(part.exponent - scale)
            if apart != 0 and not apart.has(BIG):  # a power, whole or not: next to it the smaller is not negligible
                raise NoSeriesError
            if growth(apart) > 0:
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
        """The product."""
        exponent, order, total = _ZERO, 0, [_ONE, *[_ZERO] * (self.terms - 1)]
        for p in parts:
            exponent, order = exponent + p.exponent, order + p.order
            total = series.multiply(total, list(p.coefficients))
        return _tail(exponent, order, total)

    def scaled(self, factor: sp.Expr, a: Tail) -> Tail:
        """factor·a, the factor free of the variable."""
        return Tail(a.exponent, a.order, tuple(_number(factor * c) for c in a.coefficients))

    def negated(self, a: Tail) -> Tail:
        """-a."""
        return self.scaled(sp.Integer(-1), a)

    def one_plus(self, a: Tail) -> Tail:
        """1 + a."""
        return self.total([self.constant(_ONE), a])

    def inverse(self, a: Tail) -> Tail:
        """1/a."""
        return self.raised(a, sp.Integer(-1))

    def power(self, base: sp.Expr, exponent: sp.Expr) -> Tail:
        """A power of expressions."""
        if base == sp.E:
            return self.exponential(self.of(exponent))
        if not exponent.has(self.variable):
            return self.raised(self.of(base), exponent)
        return self.exponential(self.product([self.of(exponent), self.logarithm(self.of(base))]))

    def raised(self, a: Tail, exponent: sp.Expr) -> Tail:
        """A power with a constant exponent; a negative base only to integer powers."""
        if not exponent.is_Integer and sign_of(a.leading) < 0:
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
            if growth(a.exponent) < 0:
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
        """log(a) of a positive quantity."""
        if sign_of(a.leading) < 0:
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

    def settled(self, a: Tail, rule: Callable[[Coefficients], Coefficients], *, like_identity: bool) -> Tail:
        """F(a) where `a` tends to a number, by power series; where it decays faster than any power, a itself.

        Args:
            a: the argument.
            rule: F on the coefficients of a power series.
            like_identity: whether F(0) = 0 and F'(0) = 1, so that F(a) is a in the limit.
        """
        if a.exponent != 0:
            if growth(a.exponent) < 0 and like_identity:
                return a
            raise NoSeriesError
        if a.order < 0:
            raise NoSeriesError
        return _tail(_ZERO, 0, rule([_ZERO] * a.order + list(a.coefficients)))

    def grows(self, a: Tail) -> bool:
        """Whether |a| has no bound."""
        if a.exponent != 0:
            return growth(a.exponent) > 0
        return a.order < 0 or (a.order == 0 and a.leading.has(LOG))


def _split_logs(c: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """The part with log X, and the rest."""
    logs = sum((t for t in sp.Add.make_args(sp.expand(c)) if t.has(LOG)), _ZERO)
    return logs, sp.expand(c - logs)
