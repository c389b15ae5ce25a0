"""Functions that SymPy lacks or spells unstably: sigmoid and its family, real cube root, sinc of any order."""

from __future__ import annotations

from typing import Any

import sympy as sp


class _Elementary(sp.Function):
    """A function that evaluates through its elementary form."""

    is_real = True

    def _eval_evalf(self, prec: int) -> sp.Expr:
        return self.rewrite(sp.exp)._eval_evalf(prec)


class Sigmoid(_Elementary):
    """1/(1 + e^-u); derivative sigmoid(u)·sigmoid(-u)."""

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


class Softplus(_Elementary):
    """log(1 + e^u); derivative sigmoid(u)."""

    is_positive = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative with respect to the argument."""
        return Sigmoid(self.args[0])

    def _eval_rewrite_as_exp(self, u: sp.Expr, **_: Any) -> sp.Expr:
        return sp.log(1 + sp.exp(u))


class LogAddExp(_Elementary):
    """log(e^a + e^b)."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The partial derivative with respect to one argument."""
        a, b = self.args
        return Sigmoid(a - b) if argindex == 1 else Sigmoid(b - a)

    def _eval_rewrite_as_exp(self, a: sp.Expr, b: sp.Expr, **_: Any) -> sp.Expr:
        return sp.log(sp.exp(a) + sp.exp(b))


class Cbrt(_Elementary):
    """The real cube root."""

    @classmethod
    def eval(cls, u: sp.Expr) -> sp.Expr | None:
        """Folds the root of 0, so that a pole there is seen."""
        return sp.Integer(0) if u.is_zero else None

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative with respect to the argument."""
        return 1 / (3 * Cbrt(self.args[0]) ** 2)

    def _eval_rewrite_as_exp(self, u: sp.Expr, **_: Any) -> sp.Expr:
        return sp.real_root(u, 3)


class RealPow(_Elementary):
    """IEEE pow for a base of unknown sign and an exponent that varies or is no integer."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The partial derivative with respect to base or exponent."""
        base, exponent = self.args
        if argindex == 1:
            return exponent * RealPow(base, exponent - 1)
        return RealPow(base, exponent) * sp.log(base)

    @classmethod
    def eval(cls, base: sp.Expr, exponent: sp.Expr) -> sp.Expr | None:
        """Folds integer exponents, bases that are positive beyond doubt, and powers of 0 (`zoo`: no value)."""
        if base.is_zero and exponent.is_nonzero:
            return sp.Integer(0) if exponent.is_positive else sp.zoo if exponent.is_negative else None
        if exponent.is_Integer or (base.is_positive and base.is_number):
            return base**exponent
        return None

    def _eval_rewrite_as_exp(self, base: sp.Expr, exponent: sp.Expr, **_: Any) -> sp.Expr:
        return base**exponent


class Signum(_Elementary):
    """The sign of a quantity without inputs: no breakpoint of the activation, so its derivative is 0."""

    @classmethod
    def eval(cls, u: sp.Expr) -> sp.Expr | None:
        """Folds numbers."""
        return sp.sign(u) if u.is_number else None

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative with respect to the argument."""
        return sp.Integer(0)

    def _eval_rewrite_as_exp(self, u: sp.Expr, **_: Any) -> sp.Expr:
        return sp.sign(u)


class Magnitude(_Elementary):
    """The absolute value of a quantity without inputs; its derivative at 0 is 0."""

    is_nonnegative = True

    @classmethod
    def eval(cls, u: sp.Expr) -> sp.Expr | None:
        """Folds numbers, and what is not negative."""
        return sp.Abs(u) if u.is_number else u if u.is_nonnegative else None

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative with respect to the argument."""
        return Signum(self.args[0])

    def _eval_rewrite_as_exp(self, u: sp.Expr, **_: Any) -> sp.Expr:
        return sp.Abs(u)
