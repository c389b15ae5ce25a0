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
        """Equal arms need no test."""
        return positive if positive == other else None


class Quotient(sp.Function):
    """The `order`-th derivative of F(u)/u as a Taylor polynomial around 0, F one of `ZERO_AT_ZERO`."""

    is_real = True

    def _eval_is_positive(self) -> bool | None:
        return True if self.args[1] == 0 else None

    def fdiff(self, argindex: int = 3) -> sp.Expr:
        """The derivative with respect to u."""
        kind, order, u = self.args
        return Quotient(kind, order + 1, u)

    def _eval_derivative(self, s: sp.Symbol) -> sp.Expr:
        return self.fdiff() * sp.diff(self.args[2], s)


ZERO_AT_ZERO: dict[type[sp.Function], tuple[str, bool]] = {
    Expm1: ("expm1", True),
    Log1p: ("log1p", False),
    sp.sin: ("sin", True),
    sp.tan: ("tan", False),
    sp.sinh: ("sinh", True),
    sp.tanh: ("tanh", False),
    sp.asinh: ("asinh", False),
    sp.asin: ("asin", False),
    sp.atan: ("atan", False),
    sp.atanh: ("atanh", False),
    sp.erf: ("erf", True),
}
"""Functions with F(0) = 0 and F'(0) != 0: the name of each, and whether it is entire."""

_TEXTBOOK = {Expm1: lambda t: sp.exp(t) - 1, Log1p: lambda t: sp.log(1 + t)}
RADIUS = sp.Rational(1, 8)
_ENTIRE_TERMS, _OTHER_TERMS = 11, 19


@cache
def quotient_coefficients(kind: str, order: int) -> tuple[sp.Expr, ...]:
    """Exact Taylor coefficients of the `order`-th derivative of F(u)/u, enough for 1e-17 within `RADIUS`."""
    function, entire = next((f, entire) for f, (name, entire) in ZERO_AT_ZERO.items() if name == kind)
    terms = (_ENTIRE_TERMS if entire else _OTHER_TERMS) + order
    taylor = _taylor(function, terms + 1)[1:]
    return tuple(c * sp.ff(power, order) for power, c in enumerate(taylor) if power >= order)


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
