"""Opaque SymPy functions for numerically stable forms, which SymPy's automatic evaluation would undo."""

from __future__ import annotations

from functools import cache

import sympy as sp


class Expm1(sp.Function):
    """e^u - 1."""

    is_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative with respect to the argument."""
        return sp.exp(self.args[0])


class Log1p(sp.Function):
    """log(1 + u)."""

    is_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative with respect to the argument."""
        return 1 / (1 + self.args[0])


class Erfc(sp.Function):
    """The complementary error function, whatever the sign of its argument."""

    is_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative with respect to the argument."""
        return -2 / sp.sqrt(sp.pi) * sp.exp(-(self.args[0] ** 2))


class Sech(sp.Function):
    """1/cosh(u): never inf·0, even where cosh overflows."""

    is_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative with respect to the argument."""
        return -sp.tanh(self.args[0]) * Sech(self.args[0])


class Select(sp.Function):
    """The second argument where the first is positive, else the third."""

    is_real = True

    def _eval_derivative(self, s: sp.Symbol) -> sp.Expr:
        test, positive, other = self.args
        return Select(test, sp.diff(positive, s), sp.diff(other, s))

    @classmethod
    def eval(cls, test: sp.Expr, positive: sp.Expr, other: sp.Expr) -> sp.Expr | None:
        """Equal arms need no test, nor does a number."""
        if test.is_Rational:
            return positive if test > 0 else other
        return positive if positive == other else None


def compared(test: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """What is less than what where a test is positive: 64 < x for x - 64, x < 2 for 2 - x, k < x for x - k."""
    number, rest = test.as_independent(*test.free_symbols, as_Add=True)
    terms = sp.Add.make_args(rest)
    if all(t.as_coeff_Mul()[0].is_negative for t in terms):
        return -rest, number
    lesser = [-t for t in terms if (-t).is_Symbol]
    apart = number == 0 and len(lesser) == 1 and test.free_symbols != set(lesser)
    return (lesser[0], test + lesser[0]) if apart else (-number, rest)


class Larger(sp.Function):
    """The largest of some quantities, in an expression whose value does not depend on it: see `passes/dominant.py`."""

    is_real = True


class Grouped(sp.Function):
    """A term that is computed before anything is added to it, and that no rule takes apart."""

    is_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative with respect to the argument."""
        return sp.Integer(1)


class Remainder(sp.Function):
    """What a Taylor polynomial leaves, as a power series around 0.

    `Remainder(kind, depth, order, u)` is the `order`-th derivative of (F(u) - T(u))/u^(depth + 1) for F one of
    `ANALYTIC_AT_ZERO`, or loggamma(1 + u) (`lgamma1p`), and T its Taylor polynomial of degree `depth`. With depth 0
    and F(0) = 0 it is F(u)/u.
    """

    is_real = True

    def _eval_is_positive(self) -> bool | None:
        kind, depth, order, _ = self.args
        return True if depth == 0 and order == 0 and kind.name != _LGAMMA else None

    def fdiff(self, argindex: int = 4) -> sp.Expr:
        """The derivative with respect to u."""
        kind, depth, order, u = self.args
        return Remainder(kind, depth, order + 1, u)

    def _eval_derivative(self, s: sp.Symbol) -> sp.Expr:
        return self.fdiff() * sp.diff(self.args[3], s)


ZERO_AT_ZERO: dict[type[sp.Function], str] = {
    Expm1: "expm1",
    Log1p: "log1p",
    sp.sin: "sin",
    sp.tan: "tan",
    sp.sinh: "sinh",
    sp.tanh: "tanh",
    sp.asinh: "asinh",
    sp.asin: "asin",
    sp.atan: "atan",
    sp.atanh: "atanh",
    sp.erf: "erf",
}
"""Functions with F(0) = 0 and F'(0) = 1 or a positive number, and the name of each."""

ANALYTIC_AT_ZERO: dict[type[sp.Function], str] = {**ZERO_AT_ZERO, sp.exp: "exp", sp.cos: "cos", sp.cosh: "cosh"}

_ENTIRE = (Expm1, sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh, sp.erf)
_TEXTBOOK = {Expm1: lambda t: sp.exp(t) - 1, Log1p: lambda t: sp.log(1 + t)}
_LGAMMA = "lgamma1p"
RADIUS = sp.Rational(1, 8)
_ENTIRE_TERMS, _OTHER_TERMS = 11, 19


@cache
def remainder_coefficients(kind: str, depth: int, order: int) -> tuple[sp.Expr, ...]:
    """Exact Taylor coefficients of a `Remainder`, enough for 1e-17 within `RADIUS`."""
    function = next((f for f, name in ANALYTIC_AT_ZERO.items() if name == kind), None)
    terms = (_ENTIRE_TERMS if function in _ENTIRE else _OTHER_TERMS) + order
    degree = terms + depth
    taylor = (_log_gamma(degree) if function is None else taylor_polynomial(function, degree))[depth + 1 :]
    return tuple(c * sp.ff(power, order) for power, c in enumerate(taylor) if power >= order)


@cache
def taylor_polynomial(function: type[sp.Function], degree: int) -> tuple[sp.Expr, ...]:
    """Exact Taylor coefficients around 0 up to a degree."""
    return tuple(_taylor(function, degree + 1))


def _log_gamma(degree: int) -> tuple[sp.Expr, ...]:
    """Of loggamma(1 + t), https://dlmf.nist.gov/5.7.E3."""
    return (sp.Integer(0), -sp.EulerGamma, *((-1) ** k * sp.zeta(k) / k for k in range(2, degree + 1)))


def _taylor(function: type[sp.Function], terms: int) -> list[sp.Expr]:
    t = sp.Symbol("t")
    if function is Expm1:
        return [sp.Integer(0), *(1 / sp.factorial(k) for k in range(1, terms))]
    if function is Log1p:
        return [sp.Integer(0), *(sp.Rational((-1) ** (k + 1), k) for k in range(1, terms))]
    series = sp.series(function(t), t, 0, terms).removeO()
    return [series.coeff(t, k) for k in range(terms)]


def textbook(expression: sp.Expr) -> sp.Expr:
    """The expression with opaque functions spelled out, for algebra."""
    for function, spelled in _TEXTBOOK.items():
        expression = expression.replace(function, spelled)
    return expression.replace(Erfc, sp.erfc).replace(Sech, lambda u: 1 / sp.cosh(u))
