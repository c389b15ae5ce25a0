"""Expands a SymPy expression of one variable into a series at ±∞ or at one side of a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from typing import TypeAlias

import flint
import sympy as sp

from actgen.analysis.assuming import assumptions_about
from actgen.analysis.at_infinity import RULES
from actgen.analysis.defined import EVERYWHERE, assume_defined
from actgen.analysis.evaluation import number_ball, tape
from actgen.analysis.monomials import LOG, Monomial, Terms, collected, growth, sign, vanishes
from actgen.analysis.series import Rest, Series, constant, magnitude
from actgen.analysis.taylor import taylor
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.functions import Cbrt, LogAddExp, Magnitude, RealPow, Signum, Softplus

_ORDER = 5
_HALF = flint.arb(1) / 2
_OPERATIONS = 400
Kind: TypeAlias = Callable[..., sp.Expr]
_Z = sp.Symbol("z", real=True)
_T = Monomial(power=sp.S.One)


@dataclass(frozen=True, slots=True)
class End:
    """Where a variable goes: ±oo, or a number from the right (side 1) or from the left (-1)."""

    place: sp.Expr
    side: int = 0

    def variable(self, start: int) -> Series:
        """The variable in t: t or -t, or place ± 1/t."""
        if self.place.is_infinite:
            return Series(((sp.S.One if self.place == sp.S.Infinity else sp.S.NegativeOne, _T),), None, start)
        return constant(self.place, start) + Series(((sp.Integer(self.side), Monomial(sp.S.NegativeOne)),), None, start)

    def reached(self, start: int) -> flint.arb:
        """The variable at t = start."""
        if self.place.is_infinite:
            return flint.arb(start if self.place == sp.S.Infinity else -start)
        return number_ball(self.place) + flint.arb(self.side) / start


def expanded(expression: sp.Expr, variable: sp.Symbol, end: End, start: int) -> Series:
    """The series of the expression for all t >= start.

    Raises:
        UndecidedError: if there is no rule for a part of it, or the bounds need a later start.
    """
    if sp.count_ops(expression) > _OPERATIONS:
        raise UndecidedError("the formula is too long")
    return _Expander(variable, end.variable(start), start)(expression)


@dataclass(slots=True)
class _Expander:
    variable: sp.Symbol
    substituted: Series
    start: int
    memo: dict[sp.Expr, Series] = field(default_factory=dict)

    def __call__(self, e: sp.Expr) -> Series:
        found = self.memo.get(e)
        if found is None:
            found = self.memo[e] = self._expand(e)
        return found

    def _expand(self, e: sp.Expr) -> Series:
        if e == self.variable:
            return self.substituted
        if not e.has(self.variable):
            if e.has(sp.nan, sp.zoo, sp.oo, -sp.oo) or e.is_real is False:
                raise UndecidedError("no real value")
            assume_defined(e)
            return constant(e, self.start)
        match e:
            case sp.Add():
                return reduce(lambda a, b: a + b, map(self, e.args))
            case sp.Mul():
                return reduce(lambda a, b: a * b, map(self, e.args))
            case sp.exp():
                return self.exp(self(e.args[0]))
            case sp.log():
                return self.log(self(e.args[0]))
            case sp.Pow() | RealPow():
                return self._power(e.args[0], e.args[1])
            case sp.tan():
                return self(sp.sin(e.args[0])) * self.power(self(sp.cos(e.args[0])), sp.S.NegativeOne)
            case LogAddExp():
                return self(e.args[1] + Softplus(e.args[0] - e.args[1]))
            case sp.polygamma() if e.args[0].is_Integer:
                return self._function(sp.Lambda(_Z, sp.polygamma(e.args[0], _Z)), self(e.args[1]))
        if len(e.args) == 1:
            return self._function(e.func, self(e.args[0]))
        raise UndecidedError(f"no rule for {type(e).__name__.lower()}")

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> Series:
        if exponent.has(self.variable):
            return self.exp(self(exponent) * self.log(self(base)))
        return self.power(self(base), exponent)

    def _function(self, kind: Kind, u: Series) -> Series:
        if u.is_zero:
            return self.taylor(kind, sp.S.Zero, u)
        if not u.terms or growth(u.terms[0][1]) <= 0:
            _, limit, small = u.split()
            return self._at_limit(kind, limit, small, u)
        if kind in RULES:
            return RULES[kind](self, u, sign(u.leading[0]))
        raise UndecidedError("a function without a rule at infinity")

    def _at_limit(self, kind: Kind, limit: sp.Expr, small: Series, u: Series) -> Series:
        if kind in (Magnitude, sp.Abs):
            return u.scaled(sp.Integer(sign(u.leading[0])))
        if kind in (Signum, sp.sign):
            return constant(sp.Integer(sign(u.leading[0])), self.start)
        if kind is Cbrt:
            s = sign(u.leading[0])
            return self.power(u.scaled(sp.Integer(s)), sp.Rational(1, 3)).scaled(sp.Integer(s))
        if kind in (sp.gamma, sp.loggamma) and limit.is_Integer and limit <= 0:
            raise UndecidedError("a pole of gamma")
        if kind in (sp.asin, sp.acos, sp.acosh, sp.atanh) and limit in (1, -1):
            return self._at_cusp(kind, limit, u)
        if assumptions_about(limit) is not None and kind not in EVERYWHERE:
            raise UndecidedError("a limit that may be a singular point for other parameters")
        return self.taylor(kind, limit, small)

    def _at_cusp(self, kind: Kind, limit: sp.Expr, u: Series) -> Series:
        one = constant(sp.S.One, self.start)
        minus = u.scaled(sp.S.NegativeOne)
        if kind is sp.atanh:
            return (self.log(one + u) + self.log(one + minus).scaled(sp.S.NegativeOne)).scaled(sp.Rational(1, 2))
        if kind is sp.acosh:
            return self.log(u + self.power(u * u + constant(sp.S.NegativeOne, self.start), sp.Rational(1, 2)))
        root = self.power(one + (u * u).scaled(sp.S.NegativeOne), sp.Rational(1, 2))  # sqrt(1 - u²), small
        angle = self.taylor(sp.asin, sp.S.Zero, root)  # acos|u|
        half = constant(sp.pi / 2, self.start)
        arcsine = (half + angle.scaled(sp.S.NegativeOne)).scaled(limit)
        return arcsine if kind is sp.asin else half + arcsine.scaled(sp.S.NegativeOne)

    def taylor(self, kind: Kind, at: sp.Expr, d: Series) -> Series:
        """Taylor's polynomial around a number where the function is analytic, the remainder by Lagrange."""
        if d.is_zero:
            return constant(kind(at), self.start)
        coefficients, bounded = taylor(kind, at, _ORDER)
        reach = d.size()
        around = number_ball(at) + flint.arb(0, reach)
        highest = abs(bounded.real(around))
        if not highest.is_finite():
            raise UndecidedError("too near")
        return self._polynomial(coefficients, d, highest)

    def _polynomial(self, coefficients: list[sp.Expr], d: Series, highest: flint.arb) -> Series:
        """Σ cₖ dᵏ + R, |R| <= highest·|d|^(n+1)/(n+1)!, with n the last k."""
        total, power = constant(coefficients[0], self.start), d
        for coefficient in coefficients[1:]:
            if not vanishes(coefficient):
                total = total + power.scaled(coefficient)
            power = power * d
        order = len(coefficients)
        rest = magnitude(power)
        factor = (highest / flint.arb(order).fac()).upper()
        return total + Series((), Rest(rest.monomial, rest.size * factor), self.start)

    def exp(self, u: Series) -> Series:
        """e^u: what grows in u becomes the monomial's exponent."""
        if u.rest is not None and u.terms and growth(u.rest.monomial) >= 0:
            raise UndecidedError("an exponent that is not known exactly")
        large, limit, small = u.split()
        factor, exponent = Monomial(), []
        for c, m in large:
            if m == LOG:
                factor = factor * Monomial(power=c)
            else:
                exponent.append((c, m))
        factor = factor * Monomial(exponent=tuple(exponent))
        body = self.taylor(sp.exp, sp.S.Zero, small)
        return body.scaled(sp.exp(limit), factor)

    def log(self, u: Series) -> Series:
        """For c·m·(1 + d) it is the sum of the three logarithms."""
        c, m, d = u.relative()
        if sign(c) < 0:
            raise UndecidedError("a logarithm of what is negative")
        if m.logs:
            raise UndecidedError("a logarithm of a logarithm")
        terms: Terms = (*m.exponent, *(((m.power, LOG),) if sign(m.power) else ()))
        total = Series(collected(terms), None, self.start) + constant(sp.log(c), self.start)
        return total if d.is_zero else total + self._near_one(sp.log, d)

    def power(self, u: Series, exponent: sp.Expr) -> Series:
        """(c·m)^p·(1 + d)^p."""
        if exponent.is_Integer and 0 < exponent <= 8:
            return reduce(lambda a, b: a * b, [u] * int(exponent))
        if u.is_zero:
            raise UndecidedError("a power of 0")
        c, m, d = u.relative()
        if sign(c) < 0 and not exponent.is_Integer:
            raise UndecidedError("a root of what is negative")
        body = constant(sp.S.One, self.start) if d.is_zero else self._near_one(lambda z: z**exponent, d)
        return body.scaled(c**exponent, m.raised(exponent))

    def _near_one(self, function: Callable[[sp.Expr], sp.Expr], d: Series) -> Series:
        reach = d.size()
        if not reach < _HALF:
            raise UndecidedError("too near")
        value, coefficients = function(_Z), []
        for k in range(_ORDER + 1):
            coefficients.append(value.subs(_Z, 1) / sp.factorial(k))
            value = sp.diff(value, _Z)
        run = tape(value if (assumed := assumptions_about(value)) is None else assumed.fixed(value))
        return self._polynomial(coefficients, d, abs(run.real(1 + flint.arb(0, reach))))
