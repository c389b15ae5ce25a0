"""Exact derivatives and one-sided limits."""

from __future__ import annotations

from functools import cache

import sympy as sp
from sympy.core.function import PoleError

from actgen.symbolic.functions import Cbrt, LogAddExp, Magnitude, RealPow, Sigmoid, Signum, Softplus
from actgen.symbolic.probing import Glance, glance, probe

UNDEFINED = (sp.nan, sp.zoo)


@cache
def partial(value: sp.Expr, variable: sp.Symbol) -> sp.Expr:
    """The exact partial derivative of a smooth expression."""
    return sp.nan if value is sp.nan else _with_magnitudes(sp.diff(value, variable))


def _with_magnitudes(e: sp.Expr) -> sp.Expr:
    """sign(u)·u as |u|, so that it cancels against the |u| that it is the derivative of."""
    for sign in sorted(e.atoms(Signum), key=sp.default_sort_key):
        u = sign.args[0]
        e = e.replace(lambda p, s=sign: p.is_Mul and s in p.args, lambda p, s=sign, u=u: _with_magnitude(p, s, u))
    return e


def _with_magnitude(product: sp.Expr, sign: sp.Expr, u: sp.Expr) -> sp.Expr:
    rest = product / sign
    power = rest.as_powers_dict().get(u, sp.Integer(0))
    return rest / u * Magnitude(u) if power.is_positive else rest * u / Magnitude(u) if power.is_negative else product


def second_partial(value: sp.Expr, first: sp.Symbol, second: sp.Symbol) -> sp.Expr:
    """The exact second partial derivative of a smooth expression."""
    return partial(partial(value, first), second)


def limit(value: sp.Expr, variable: sp.Symbol, point: sp.Expr, side: str) -> sp.Expr | None:
    """The limit for `variable` to `point` from one side (`"+"` or `"-"`); None if it cannot be found.

    Substitution where that is defined, else the first terms of numerator and denominator, else SymPy's limit.
    """
    direct = value.subs(variable, point)
    if _is_defined(direct):
        return direct
    spelled = elementary(value)
    by_series = _by_derivatives(spelled, variable, point)
    if by_series is not None:
        return by_series
    try:
        found = sp.limit(spelled, variable, point, side)
    except (NotImplementedError, ValueError, PoleError, TypeError, RecursionError, AttributeError, OverflowError):
        return None
    return found if _is_defined(found) and not found.has(sp.Limit, sp.AccumBounds) else None


def _is_defined(value: sp.Expr) -> bool:
    return not value.has(*UNDEFINED)


def elementary(value: sp.Expr) -> sp.Expr:
    """The expression in functions that SymPy's limits know."""
    return (
        value.replace(Cbrt, lambda u: sp.real_root(u, 3))
        .replace(RealPow, lambda b, e: b**e)
        .rewrite((Sigmoid, Softplus, LogAddExp, Magnitude, Signum), sp.exp)
    )


def _by_derivatives(value: sp.Expr, variable: sp.Symbol, point: sp.Expr) -> sp.Expr | None:
    """L'Hospital on the combined fraction, up to the sixth derivative."""
    numerator, denominator = sp.fraction(sp.together(value))
    for _ in range(6):
        top, bottom = numerator.subs(variable, point), denominator.subs(variable, point)
        if not (_is_defined(top) and _is_defined(bottom)):
            return None
        if not vanishes(bottom):
            return sp.expand(top / bottom)
        if not vanishes(top):
            return None
        numerator, denominator = sp.diff(numerator, variable), sp.diff(denominator, variable)
    return None


def vanishes(value: sp.Expr) -> bool:
    """Whether an expression is identically zero, decided by a number, expansion, numbers and, last, simplification.

    The first number is asked of the expression as it is: a power or product of many factors has millions of terms.
    """
    if value.is_zero:
        return True
    if value.free_symbols and glance(value) is not Glance.UNSURE:
        return False
    expanded = sp.expand(value)
    if expanded.is_zero or expanded == 0:
        return True
    if not expanded.free_symbols:
        return _is_zero_number(expanded)
    if not _is_zero_number(expanded.subs(probe(expanded))):
        return False
    return sp.simplify(elementary(expanded)) == 0


def _is_zero_number(value: sp.Expr) -> bool:
    if value.has(*UNDEFINED, sp.oo, -sp.oo):
        return False
    try:
        return bool(abs(sp.N(value, 40, maxn=400)) < sp.Float("1e-30"))
    except (TypeError, ValueError, OverflowError):
        return False
