"""Rules for logarithms of sums of several exponentials."""

from __future__ import annotations

import sympy as sp

from actgen.program.rules.rule import U, V, without
from actgen.program.stable import RADIUS, Grouped, Log1p, Remainder, Select
from actgen.symbolic.functions import LogAddExp, Softplus

_SAME = sp.Float("1e-40")


class LogOfExponentials:
    """log(c₁·e^u₁ + c₂·e^u₂ + …)."""

    name = "log-of-exponentials"
    reason = "e^u overflows while the logarithm is about the largest exponent"
    before = sp.log(2 * sp.exp(U) + sp.exp(V) + 3)
    after = LogAddExp(LogAddExp(U + sp.log(2), V), sp.log(3))

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """To logaddexp of logaddexp, and to softplus of it beside 1; as below where c₁ + c₂ + … is 1."""
        if not isinstance(e, (sp.log, Log1p)) or not isinstance(e.args[0], sp.Add):
            return None
        constant, rest = e.args[0].as_coeff_Add()
        constant += 1 if isinstance(e, Log1p) else 0
        terms = [t.as_coeff_Mul() for t in sp.Add.make_args(rest)]
        if constant.is_negative or not all(c.is_positive and isinstance(f, sp.exp) for c, f in terms):
            return None
        exponents = sorted((f.args[0] + sp.log(c) for c, f in terms), key=sp.default_sort_key)
        if sum(bool(u.free_symbols) for u in exponents) < 2:
            return None
        total, *others = exponents
        for u in others:
            total = LogAddExp(total, u)
        if constant != 0:
            total = Softplus(total) if constant == 1 else LogAddExp(total, sp.log(constant))
        return _of_mean(total, _exponents(total)) if constant + sp.Add(*(c for c, _ in terms)) == 1 else total


class LogOfMeanOfExponentials:
    """c·logaddexp(u, v) - c·log(2)."""

    name = "log-of-mean-of-exponentials"
    reason = "near u = v = 0 the logarithms cancel"
    before = LogAddExp(U, V) - sp.log(2)
    after = LogAddExp(U, V) - sp.log(2)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """Where all exponents are small, to log1p of their mean and what e^u leaves beyond its linear part."""
        for term in e.args if isinstance(e, sp.Add) else ():
            for factor in sp.Mul.make_args(term):
                c = without(term, factor)
                exponents = _exponents(factor)
                if isinstance(factor, LogAddExp | Softplus) and sum(bool(u.free_symbols) for u in exponents) > 1:
                    for partner in e.args:
                        if _cancels(partner / c, exponents):
                            return e - term - partner + c * _of_mean(factor, exponents)
        return None


def _exponents(e: sp.Expr) -> list[sp.Expr]:
    """The exponents of the sum of which it is the logarithm."""
    if isinstance(e, LogAddExp):
        return [u for a in e.args for u in _exponents(a)]
    return [sp.Integer(0), *_exponents(e.args[0])] if isinstance(e, Softplus) else [e]


def _cancels(number: sp.Expr, exponents: list[sp.Expr]) -> bool:
    """Whether the number is minus the logarithm at which the variables are 0."""
    weight = sp.Add(*(sp.exp(_split(u)[0]) for u in exponents))
    return number.is_number and abs(sp.N(number + sp.log(weight), 50)) < _SAME


def _split(u: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """The constant part, and what varies."""
    return u.as_independent(*u.free_symbols, as_Add=True) if u.free_symbols else (u, sp.Integer(0))


def _of_mean(logarithm: sp.Expr, exponents: list[sp.Expr]) -> sp.Expr:
    """log(Σ wₖ·e^uₖ) with weights of sum 1."""
    parts = [(sp.exp(constant), u) for constant, u in map(_split, exponents)]
    weight = sp.Add(*(w for w, _ in parts))
    near = RADIUS**2 - sp.Add(*(u**2 for _, u in parts))
    linear = sp.expand(sp.Add(*(w / weight * u for w, u in parts)))
    total = Select(near, linear, sp.Integer(0))
    for w, u in parts:
        inside = Select(near, u, sp.Integer(0))
        total += w / weight * inside**2 * Remainder(sp.Symbol("exp"), 1, 0, inside)
    return Select(near, Log1p(total), Grouped(logarithm) - sp.log(weight))
