"""Rules for the gamma function, its logarithm and the derivatives of that."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import sympy as sp

from actgen.program.rules.logarithms import LogOnePlus
from actgen.program.rules.rule import U, without
from actgen.program.stable import RADIUS, Remainder, Select

_LARGEST_STEP = 8


def _steps(a: sp.Expr, b: sp.Expr) -> range:
    """0 … n - 1 where a is b + n; nothing for other pairs."""
    step = sp.expand(a - b)
    return range(int(step)) if step.is_Integer and 0 < step <= _LARGEST_STEP else range(0)


class LogGammaDifference:
    """c·loggamma(v + n) - c·loggamma(v) with v > 0."""

    name = "log-gamma-difference"
    reason = "far out both terms are v·log(v), and their difference has no digit left; later it is inf - inf"
    before = sp.loggamma(U**2 + 2) - sp.loggamma(U**2 + 1)
    after = sp.log(U**2 + 1)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To c·(log(v) + log(v + 1) + …): Γ(v + 1) = v·Γ(v), https://dlmf.nist.gov/5.5.E1."""
        for (first, c, a), (second, d, b) in permutations(list(_log_gammas(e)), 2):
            steps = _steps(a, b)
            if c + d == 0 and steps and b.is_positive:
                return e - first - second + c * sp.Add(*(_log(b + k) for k in steps))
        return None


def _log_gammas(e: sp.Expr) -> Iterator[tuple[sp.Expr, sp.Expr, sp.Expr]]:
    """(term, coefficient, argument) of every c·loggamma(u) in a sum, also as `LogGammaOnePlus` has it."""
    for term in e.args if isinstance(e, sp.Add) else ():
        for factor in sp.Mul.make_args(term):
            plain = factor.args[2] if isinstance(factor, Select) else factor
            if isinstance(plain, sp.loggamma):
                u = plain.args[0]
                yield term, without(term, factor), u.args[2] if isinstance(u, Select) else u


def _log(v: sp.Expr) -> sp.Expr:
    logarithm = sp.log(v)
    return LogOnePlus().apply(logarithm) or logarithm


class PolygammaDifference:
    """c·ψ⁽ᵐ⁾(v + n) - c·ψ⁽ᵐ⁾(v)."""

    name = "polygamma-difference"
    reason = "far out both terms are the same number"
    before = sp.digamma(U**2 + 3) - sp.digamma(U**2 + 1)
    after = 1 / (U**2 + 1) + 1 / (U**2 + 2)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To (-1)ᵐ·m!·c·(v^(-m-1) + (v + 1)^(-m-1) + …), https://dlmf.nist.gov/5.15.E5."""
        for (first, c, m, a), (second, d, order, b) in permutations(list(_polygammas(e)), 2):
            steps = _steps(a, b)
            if c + d == 0 and m == order and steps:
                scale = (-1) ** m * sp.factorial(m) * c
                return e - first - second + scale * sp.Add(*((b + k) ** (-m - 1) for k in steps))
        return None


def _polygammas(e: sp.Expr) -> Iterator[tuple[sp.Expr, sp.Expr, sp.Expr, sp.Expr]]:
    """(term, coefficient, order, argument) of every c·ψ⁽ᵐ⁾(u) in a sum."""
    for term in e.args if isinstance(e, sp.Add) else ():
        for factor in sp.Mul.make_args(term):
            if isinstance(factor, sp.polygamma) and factor.args[0].is_Integer:
                yield term, without(term, factor), *factor.args


class GammaQuotient:
    """Γ(v + n)/Γ(v)."""

    name = "gamma-quotient"
    reason = "from v = 171 on it is inf/inf"
    before = sp.gamma(U**2 + 2) / sp.gamma(U**2 + 1)
    after = U**2 + 1

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To v·(v + 1)·…"""
        powers = dict(f.as_base_exp() for f in sp.Mul.make_args(e)) if isinstance(e, sp.Mul) else {}
        gammas = [base for base in powers if isinstance(base, sp.gamma)]
        for one, other in permutations(gammas, 2):
            steps, p = _steps(one.args[0], other.args[0]), powers[one]
            if steps and powers[other] == -p:
                return e / one**p * other**p * sp.Mul(*(other.args[0] + k for k in steps)) ** p
        return None


class LogGammaOnePlus:
    """loggamma(1 + v) and loggamma(2 + v)."""

    name = "log-gamma-one-plus"
    reason = "1 + v rounds away a small v, and the logarithm is about -0.577·v there"
    before = sp.loggamma(1 + U**2)
    after = sp.loggamma(1 + U**2)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """Near v = 0, to v times a power series; and log(1 + v) more for the second."""
        if not isinstance(e, sp.loggamma) or isinstance(e.args[0], Select):
            return None
        one, v = e.args[0].as_coeff_Add()
        if one not in (1, 2) or not v.free_symbols:
            return None
        near = RADIUS - v if v.is_nonnegative else RADIUS**2 - v**2
        small, large = Select(near, v, sp.Integer(0)), Select(near, sp.Integer(1), one + v)
        beside_one = small * Remainder(sp.Symbol("lgamma1p"), 0, 0, small)
        beside = beside_one if one == 1 else beside_one + _log(1 + small)
        return Select(near, beside, sp.loggamma(large))
