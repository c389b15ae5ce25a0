"""Taylor series of a smooth expression around a number, by power-series arithmetic with exact coefficients.

Repeated differentiation grows exponentially; each step here costs one convolution. Quotients whose numerator and
denominator vanish together are divided after their common zeros are removed.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from actgen.program.stable import Erfc, Expm1, Log1p, Sech, textbook
from actgen.symbolic.calculus import vanishes
from actgen.symbolic.functions import Cbrt, LogAddExp, RealPow, Sigmoid, Softplus

Coefficients = list[sp.Expr]
_ZERO, _ONE = sp.Integer(0), sp.Integer(1)
_SPARE = 4
_LARGEST = 120  # operations of one coefficient in the parameters; a longer patch would be slower than it is worth


class NoSeriesError(Exception):
    """The expression has no Taylor series there, or none that this arithmetic finds."""


def taylor(expression: sp.Expr, variable: sp.Symbol, point: sp.Expr, terms: int) -> Coefficients:
    """The first coefficients of the expression in powers of (variable - point).

    Raises:
        NoSeriesError: if there is none (a pole, a branch point, a function without a rule).
    """
    arithmetic = _Series(variable, point, terms + _SPARE)
    try:
        found = arithmetic.of(textbook(expression))
    except NoSeriesError:  # poles may cancel on one fraction line
        found = arithmetic.of(sp.together(textbook(expression)))
    if len(found) < terms:
        raise NoSeriesError
    return [sp.expand(c) if c.free_symbols else c for c in found[:terms]]


class _Series:
    def __init__(self, variable: sp.Symbol, point: sp.Expr, terms: int) -> None:
        self.variable, self.point, self.terms = variable, point, terms
        self._memo: dict[sp.Expr, Coefficients] = {}

    def of(self, e: sp.Expr) -> Coefficients:
        found = self._memo.get(e)
        if found is None:
            found = self._memo[e] = self._compute(e)
        return found

    def _compute(self, e: sp.Expr) -> Coefficients:
        if not e.has(self.variable):
            return [e, *[_ZERO] * (self.terms - 1)]
        if e == self.variable:
            return [self.point, _ONE, *[_ZERO] * (self.terms - 2)]
        if isinstance(e, sp.Add):
            return self._sum([self.of(a) for a in e.args])
        if isinstance(e, sp.Mul):
            return self._product(e)
        if isinstance(e, (sp.Pow, RealPow)):
            return self._power(*e.args)
        rule = RULES.get(type(e))
        if rule is None:
            raise NoSeriesError
        return rule(self, *(self.of(a) for a in e.args))

    def _sum(self, parts: list[Coefficients]) -> Coefficients:
        shortest = min(len(p) for p in parts)
        return [tidy(sp.Add(*(p[k] for p in parts))) for k in range(shortest)]

    def _product(self, e: sp.Mul) -> Coefficients:
        top: Coefficients = [_ONE, *[_ZERO] * (self.terms - 1)]
        bottom = top
        for factor in e.args:
            base, exponent = factor.as_base_exp()
            if exponent.is_Integer and exponent < 0 and not isinstance(factor, sp.exp):
                bottom = multiply(bottom, self._power(base, -exponent))
            else:
                top = multiply(top, self.of(factor))
        return divide(top, bottom)

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> Coefficients:
        inner = self.of(base)
        if exponent.is_Integer:
            if exponent < 0:
                return divide([_ONE, *[_ZERO] * (len(inner) - 1)], self._power(base, -exponent))
            total: Coefficients = [_ONE, *[_ZERO] * (len(inner) - 1)]
            for _ in range(int(exponent)):
                total = multiply(total, inner)
            return total
        if vanishes(inner[0]):
            raise NoSeriesError
        if exponent.has(self.variable):
            return exponential(multiply(self.of(exponent), _log(inner)))
        return real_power(inner, exponent)


def tidy(c: sp.Expr) -> sp.Expr:
    """A coefficient multiplied out.

    Raises:
        NoSeriesError: if it has grown too long to be worth printing.
    """
    if not c.free_symbols:
        return c
    expanded = sp.expand(c)
    if expanded.count_ops() > _LARGEST:
        raise NoSeriesError
    return expanded


def multiply(a: Coefficients, b: Coefficients) -> Coefficients:
    """The product of two series, as long as the shorter."""
    terms = min(len(a), len(b))
    return [tidy(sp.Add(*(a[i] * b[k - i] for i in range(k + 1) if a[i] != 0 and b[k - i] != 0))) for k in range(terms)]


def divide(a: Coefficients, b: Coefficients) -> Coefficients:
    """The quotient of two series; common leading zeros are removed first.

    Raises:
        NoSeriesError: at a pole.
    """
    a, b = list(a), list(b)
    while b and vanishes(b[0]):
        if not a or not vanishes(a[0]):
            raise NoSeriesError
        a, b = a[1:], b[1:]
    if not b:
        raise NoSeriesError
    found: Coefficients = []
    for k in range(min(len(a), len(b))):
        rest = a[k] - sp.Add(*(found[i] * b[k - i] for i in range(k)))
        found.append(tidy(rest / b[0]))
    return found


def derivative(a: Coefficients) -> Coefficients:
    """The derivative, one term shorter."""
    return [k * c for k, c in enumerate(a)][1:]


def integral(a: Coefficients, constant: sp.Expr) -> Coefficients:
    """The antiderivative with the given value, one term longer."""
    return [constant, *(c / (k + 1) for k, c in enumerate(a))]


def real_power(a: Coefficients, exponent: sp.Expr) -> Coefficients:
    """a**exponent for a series with a non-zero constant term: P'·a = r·a'·P."""
    found: Coefficients = [a[0] ** exponent]
    for k in range(1, len(a)):
        total = sp.Add(*((exponent * i - (k - i)) * a[i] * found[k - i] for i in range(1, k + 1)))
        quotient = total / (k * a[0])
        found.append(sp.factor(tidy(quotient)) if exponent.free_symbols else tidy(quotient))
    return found


def exponential(a: Coefficients) -> Coefficients:
    """e^a: E' = a'·E."""
    found: Coefficients = [sp.exp(a[0])]
    for k in range(1, len(a)):
        found.append(tidy(sp.Add(*(i * a[i] * found[k - i] for i in range(1, k + 1))) / k))
    return found


def _one_plus(a: Coefficients, scale: sp.Expr = _ONE) -> Coefficients:
    return [1 + scale * a[0], *(scale * c for c in a[1:])]


def _log(a: Coefficients) -> Coefficients:
    if vanishes(a[0]):
        raise NoSeriesError
    return integral(divide(derivative(a), a), sp.log(a[0]))


def _sin_cos(a: Coefficients, sign: int, start: tuple[sp.Expr, sp.Expr]) -> tuple[Coefficients, Coefficients]:
    """S' = a'·C and C' = sign·a'·S: sine and cosine (-1) or the hyperbolic pair (+1)."""
    s, c = [start[0]], [start[1]]
    for k in range(1, len(a)):
        slope = [i * a[i] for i in range(1, k + 1)]
        s.append(tidy(sp.Add(*(f * c[k - i - 1] for i, f in enumerate(slope))) / k))
        c.append(tidy(sign * sp.Add(*(f * s[k - i - 1] for i, f in enumerate(slope))) / k))
    return s, c


def _sin(a: Coefficients) -> Coefficients:
    return _sin_cos(a, -1, (sp.sin(a[0]), sp.cos(a[0])))[0]


def _cos(a: Coefficients) -> Coefficients:
    return _sin_cos(a, -1, (sp.sin(a[0]), sp.cos(a[0])))[1]


def _sinh(a: Coefficients) -> Coefficients:
    return _sin_cos(a, 1, (sp.sinh(a[0]), sp.cosh(a[0])))[0]


def _cosh(a: Coefficients) -> Coefficients:
    return _sin_cos(a, 1, (sp.sinh(a[0]), sp.cosh(a[0])))[1]


def _by_slope(outer: sp.Expr, slope: Coefficients, a: Coefficients) -> Coefficients:
    """g(a) from g(a[0]) and the series of g'(a)."""
    return integral(multiply(slope, derivative(a)), outer)


def _sigmoid(a: Coefficients) -> Coefficients:
    e = exponential([-c for c in a])
    return divide([_ONE, *[_ZERO] * (len(a) - 1)], _one_plus(e))


def _bell(a: Coefficients) -> Coefficients:
    return exponential([-c for c in multiply(a, a)])


def _erf(a: Coefficients) -> Coefficients:
    return _by_slope(sp.erf(a[0]), [2 / sp.sqrt(sp.pi) * c for c in _bell(a)], a)


def _erfc(a: Coefficients) -> Coefficients:
    return _by_slope(sp.erfc(a[0]), [-2 / sp.sqrt(sp.pi) * c for c in _bell(a)], a)


def _inverse(function: Callable[[sp.Expr], sp.Expr], offset: int, sign: int, root: bool) -> Callable[..., Coefficients]:
    """asin, asinh, acosh (slope 1/√(offset + sign·a²)), atan, atanh (slope 1/(offset + sign·a²))."""

    def rule(_: _Series, a: Coefficients) -> Coefficients:
        square = [sign * c for c in multiply(a, a)]
        base = [offset + square[0], *square[1:]]
        if vanishes(base[0]):
            raise NoSeriesError
        return _by_slope(function(a[0]), real_power(base, sp.Rational(-1, 2) if root else sp.Integer(-1)), a)

    return rule


def _plain(function: Callable[[Coefficients], Coefficients]) -> Callable[..., Coefficients]:
    return lambda _, a: function(a)


def _cbrt(a: Coefficients) -> Coefficients:
    if not a[0].is_nonzero:
        raise NoSeriesError
    sign = 1 if a[0].is_positive else -1
    return [sign * c for c in real_power([sign * c for c in a], sp.Rational(1, 3))]


RULES: dict[type[sp.Basic], Callable[..., Coefficients]] = {
    sp.exp: _plain(exponential),
    Expm1: _plain(lambda a: [sp.exp(a[0]) - 1, *exponential(a)[1:]]),
    sp.log: _plain(_log),
    Log1p: _plain(lambda a: _log(_one_plus(a))),
    sp.sin: _plain(_sin),
    sp.cos: _plain(_cos),
    sp.tan: _plain(lambda a: divide(_sin(a), _cos(a))),
    sp.sinh: _plain(_sinh),
    sp.cosh: _plain(_cosh),
    sp.tanh: _plain(lambda a: divide(_sinh(a), _cosh(a))),
    Sech: _plain(lambda a: divide([_ONE, *[_ZERO] * (len(a) - 1)], _cosh(a))),
    Sigmoid: _plain(_sigmoid),
    Cbrt: _plain(_cbrt),
    Softplus: _plain(lambda a: _by_slope(sp.log(1 + sp.exp(a[0])), _sigmoid(a), a)),
    LogAddExp: lambda _, a, b: _log([x + y for x, y in zip(exponential(a), exponential(b), strict=False)]),
    sp.erf: _plain(_erf),
    sp.erfc: _plain(_erfc),
    Erfc: _plain(_erfc),
    sp.asin: _inverse(sp.asin, 1, -1, True),
    sp.acos: lambda s, a: [sp.acos(a[0]), *(-c for c in _inverse(sp.asin, 1, -1, True)(s, a)[1:])],
    sp.asinh: _inverse(sp.asinh, 1, 1, True),
    sp.acosh: _inverse(sp.acosh, -1, 1, True),
    sp.atan: _inverse(sp.atan, 1, 1, False),
    sp.atanh: _inverse(sp.atanh, 1, -1, False),
}
"""How a function's series follows from those of its arguments; the first argument of a rule is the arithmetic."""
