"""What each function of the spec language does to a quantity that grows, decays or settles for large arguments."""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from actgen.program import series
from actgen.program.asymptotics import Asymptotics, Rule, Tail, growth, sign_of
from actgen.program.series import Coefficients, NoSeriesError
from actgen.program.stable import Erfc, Expm1, Log1p, Sech
from actgen.symbolic.functions import Cbrt, LogAddExp, Sigmoid, Softplus

_SPARE = 8  # terms that cancellation may take


def tail(expression: sp.Expr, variable: sp.Symbol, sign: int, terms: int) -> Tail:
    """The expression for large |x| of the given sign.

    Raises:
        NoSeriesError: if there is no such series (an oscillation), or none that this arithmetic finds.
    """
    found = Asymptotics(variable, sign, terms + _SPARE, _RULES).of(expression)
    return Tail(found.exponent, found.order, found.coefficients[:terms])


def _analytic(function: type[sp.Function]) -> Callable[[Coefficients], Coefficients]:
    return lambda a: series.RULES[function](None, a)


def _finite(function: type[sp.Function], vanishing: bool = False) -> Rule:
    """For functions without a rule at infinity."""
    return lambda s, a: s.settled(a, _analytic(function), like_identity=vanishing)


def _tanh(s: Asymptotics, a: Tail) -> Tail:
    if not s.grows(a):
        return s.settled(a, _analytic(sp.tanh), like_identity=True)
    sign = sign_of(a.leading)
    decaying = s.exponential(s.scaled(sp.Integer(-2 * sign), a))
    return s.scaled(sp.Integer(sign), s.product([s.one_plus(s.negated(decaying)), s.inverse(s.one_plus(decaying))]))


def _hyperbolic(parity: int) -> Rule:
    """Of sinh (-1) and cosh (+1)."""

    def rule(s: Asymptotics, a: Tail) -> Tail:
        if not s.grows(a):
            return s.settled(a, _analytic(sp.sinh if parity < 0 else sp.cosh), like_identity=parity < 0)
        both = s.exponential(a), s.scaled(sp.Integer(parity), s.exponential(s.negated(a)))
        return s.scaled(sp.Rational(1, 2), s.total(list(both)))

    return rule


def _atan(s: Asymptotics, a: Tail) -> Tail:
    if not s.grows(a):
        return s.settled(a, _analytic(sp.atan), like_identity=True)
    small = s.negated(s.settled(s.inverse(a), _analytic(sp.atan), like_identity=True))
    return s.total([s.constant(sign_of(a.leading) * sp.pi / 2), small])


def _asinh(s: Asymptotics, a: Tail) -> Tail:
    if not s.grows(a):
        return s.settled(a, _analytic(sp.asinh), like_identity=True)
    sign = sign_of(a.leading)
    size = a if sign > 0 else s.negated(a)
    root = s.raised(s.one_plus(s.product([size, size])), sp.Rational(1, 2))
    return s.scaled(sp.Integer(sign), s.logarithm(s.total([size, root])))


def _acosh(s: Asymptotics, a: Tail) -> Tail:
    if not s.grows(a):
        return s.settled(a, _analytic(sp.acosh), like_identity=False)
    root = s.raised(s.total([s.product([a, a]), s.constant(sp.Integer(-1))]), sp.Rational(1, 2))
    return s.logarithm(s.total([a, root]))


def _erfc(s: Asymptotics, a: Tail) -> Tail:
    """e^(-a²)/(a√π)·Σ (-1)ⁿ (2n-1)!!/(2a²)ⁿ for large positive a (NIST DLMF 7.12.1)."""
    if not s.grows(a):
        return s.settled(a, _analytic(sp.erfc), like_identity=False)
    if sign_of(a.leading) < 0:
        return s.constant(sp.Integer(2))
    square = s.product([a, a])
    inverse = s.scaled(sp.Rational(-1, 2), s.inverse(square))
    if inverse.exponent != 0:
        raise NoSeriesError
    total = power = s.constant(sp.Integer(1))
    for n in range(1, s.terms // inverse.order + 1):
        power = s.product([power, s.scaled(sp.Integer(2 * n - 1), inverse)])
        total = s.total([total, power])
    bell = s.exponential(s.negated(square))
    return s.product([bell, total, s.inverse(a), s.constant(1 / sp.sqrt(sp.pi))])


def _erf(s: Asymptotics, a: Tail) -> Tail:
    if not s.grows(a):
        return s.settled(a, _analytic(sp.erf), like_identity=False)
    return s.constant(sp.Integer(sign_of(a.leading)))


def _sigmoid(s: Asymptotics, a: Tail) -> Tail:
    return s.inverse(s.one_plus(s.exponential(s.negated(a))))


def _softplus(s: Asymptotics, a: Tail) -> Tail:
    if s.grows(a) and sign_of(a.leading) > 0:
        return s.total([a, _log1p(s, s.exponential(s.negated(a)))])
    return _log1p(s, s.exponential(a))


def _log1p(s: Asymptotics, a: Tail) -> Tail:
    if a.exponent != 0 and growth(a.exponent) < 0:
        return a
    return s.logarithm(s.one_plus(a))


def _logaddexp(s: Asymptotics, a: Tail, b: Tail) -> Tail:
    return s.total([b, _softplus(s, s.total([a, s.negated(b)]))])


def _cbrt(s: Asymptotics, a: Tail) -> Tail:
    sign = sign_of(a.leading)
    return s.scaled(sp.Integer(sign), s.raised(s.scaled(sp.Integer(sign), a), sp.Rational(1, 3)))


_RULES: dict[type[sp.Basic], Rule] = {
    sp.log: lambda s, a: s.logarithm(a),
    Log1p: _log1p,
    Expm1: lambda s, a: s.total([s.exponential(a), s.constant(sp.Integer(-1))]),
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
