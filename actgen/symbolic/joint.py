"""Removable singularities at which several parameters meet: limits that approaching by one of them does not give."""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import combinations

import sympy as sp

from actgen.symbolic.calculus import UNDEFINED, vanishes

_MOST_OPS = 400
"""Operations of a numerator that is still brought over one denominator."""


def joint_singularities(value: sp.Expr, parameters: Set[sp.Symbol]) -> Iterator[sp.Expr]:
    """Each denominator that two or more parameters bring to 0 together, where the numerator is 0 as well.

    `(exp(a*x) - exp(b*x))/(a - b)` has `a - b`, `a*b*x/(a**2 + b**2)` has `a**2 + b**2`; the pole of `x/(a - b)` is
    none, and neither is `sin(a*b*x)/(a*b)`, where one parameter alone brings each factor to 0.
    """
    denominators = {d: power for d, power in _denominators(value) if d.free_symbols <= parameters}
    if value.count_ops() > _MOST_OPS:
        return
    value = value.replace(lambda p: p.is_Pow and p.exp.is_negative and _is_polynomial(p.base), _in_factors)
    for denominator, power in denominators.items():
        rest, others = sp.fraction(sp.together(value * denominator**power))
        if any(_is_zero(rest, zero) and not _is_zero(others, zero) for zero in _zeros(denominator)):
            yield denominator


def _denominators(value: sp.Expr) -> Iterator[tuple[sp.Expr, sp.Expr]]:
    """The irreducible factors of denominators that hold two or more symbols, each with its power."""
    for power in sorted(value.atoms(sp.Pow), key=sp.default_sort_key):
        if not (power.exp.is_number and power.exp.is_negative) or len(power.base.free_symbols) < 2:
            continue
        factors = _factors(power.base)[1] if _is_polynomial(power.base) else [(power.base, 1)]
        yield from ((factor, -power.exp * times) for factor, times in factors if len(factor.free_symbols) > 1)


def _is_polynomial(e: sp.Expr) -> bool:
    """Whether it is one in its symbols; to SymPy a number is one too, which it then does not factor."""
    return bool(e.free_symbols) and e.is_polynomial()


def _factors(e: sp.Expr) -> tuple[sp.Expr, list[tuple[sp.Expr, int]]]:
    """Over its symbols: left to itself, SymPy takes 1/pi for another variable, with a negative power."""
    return sp.factor_list(e, *sorted(e.free_symbols, key=str))


def _in_factors(power: sp.Expr) -> sp.Expr:
    """With the signs that the factors have alone: SymPy does not divide `a - b` by `b - a`."""
    number, factors = _factors(power.base)
    return sp.Mul(number**power.exp, *(factor ** (times * power.exp) for factor, times in factors))


def _zeros(denominator: sp.Expr) -> Iterator[dict[sp.Symbol, sp.Expr]]:
    """Substitutions that make the denominator 0: along a line or curve of two symbols, or where all of them are 0."""
    symbols = sorted(denominator.free_symbols, key=str)
    for symbol in symbols:
        slope = sp.diff(denominator, symbol)
        if slope.is_number:
            yield {symbol: sp.expand(symbol - denominator / slope)}
            return
    candidates = [{first: second} for first, second in combinations(symbols, 2)]
    candidates.append(dict.fromkeys(symbols, sp.Integer(0)))
    yield from (zero for zero in candidates if _is_zero(denominator, zero))


def _is_zero(value: sp.Expr, at: dict[sp.Symbol, sp.Expr]) -> bool:
    there = value.subs(at, simultaneous=True)
    return not there.has(*UNDEFINED, sp.oo) and vanishes(there)
