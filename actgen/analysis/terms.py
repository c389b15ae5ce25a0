"""A power of an expression as a sum of terms that the Gaussian integrals know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

import sympy as sp

from actgen.symbolic.functions import RealPow

_ZERO = sp.Integer(0)
_OPERATIONS = 200


@dataclass(frozen=True, slots=True)
class Term:
    """coefficient · x^power · e^(linear·x + quadratic·x²) · cos(turn·x + phase) · Π erf(α·x + β)."""

    coefficient: sp.Expr
    power: sp.Expr = _ZERO
    linear: sp.Expr = _ZERO
    quadratic: sp.Expr = _ZERO
    turn: sp.Expr = _ZERO
    phase: sp.Expr = _ZERO
    errors: tuple[tuple[sp.Expr, sp.Expr], ...] = ()


def terms_of(value: sp.Expr, power: int, variable: sp.Symbol, most: int) -> list[Term] | None:
    """The terms of value^power; None if a part of it is no such term, or there are more than `most`."""
    if sp.count_ops(value) > _OPERATIONS:
        return None
    base = _sum(_in_exponentials(value, variable), variable, most)
    if base is None:
        return None
    total: list[Term] | None = [Term(sp.Integer(1))]
    for _ in range(power):
        total = None if total is None else _product(total, base, most)
    return total


def _in_exponentials(value: sp.Expr, variable: sp.Symbol) -> sp.Expr:
    """Hyperbolic functions by exponentials, products of sines by angles; what varies not stays as it is."""
    hyperbolic = [f for f in value.atoms(sp.sinh, sp.cosh) if f.has(variable)]
    value = value.xreplace({f: f.rewrite(sp.exp) for f in hyperbolic})
    return value.replace(sp.erfc, lambda u: 1 - sp.erf(u) if u.has(variable) else sp.erfc(u))


def _sum(value: sp.Expr, variable: sp.Symbol, most: int) -> list[Term] | None:
    found: list[Term] = []
    for part in sp.Add.make_args(value):
        terms: list[Term] | None = [Term(sp.Integer(1))]
        for factor in sp.Mul.make_args(part):
            own = _factor(factor, variable, most)
            terms = None if own is None or terms is None else _product(terms, own, most)
        if terms is None:
            return None
        found += terms
    return _collected(found, most)


def _factor(factor: sp.Expr, variable: sp.Symbol, most: int) -> list[Term] | None:
    if not factor.has(variable):
        return [Term(factor)]
    if factor == variable:
        return [Term(sp.Integer(1), power=sp.Integer(1))]
    match factor:
        case sp.exp():
            return _exponential(factor.args[0], variable)
        case sp.sin() | sp.cos() if (line := _line(factor.args[0], variable)) is not None:
            quarter = sp.pi / 2 if isinstance(factor, sp.sin) else _ZERO
            return [Term(sp.Integer(1), turn=line[0], phase=line[1] - quarter)]
        case sp.erf() if (line := _line(factor.args[0], variable)) is not None:
            return [Term(sp.Integer(1), errors=(line,))]
        case sp.Add():
            return _sum(factor, variable, most)
        case sp.Pow() | RealPow():
            return _power(factor.args[0], factor.args[1], variable, most)
    return None


def _power(base: sp.Expr, exponent: sp.Expr, variable: sp.Symbol, most: int) -> list[Term] | None:
    if exponent.is_Integer and 0 < exponent <= 64:
        inner = _sum(base, variable, most)
        return None if inner is None else reduce(lambda a, b: _twice(a, b, most), [inner] * int(exponent))
    if base == variable and not exponent.has(variable):
        return [Term(sp.Integer(1), power=exponent)]
    if isinstance(base, sp.exp) and exponent.is_number:
        return _exponential(base.args[0] * exponent, variable)
    return None


def _twice(a: list[Term] | None, b: list[Term] | None, most: int) -> list[Term] | None:
    return None if a is None or b is None else _product(a, b, most)


def _exponential(exponent: sp.Expr, variable: sp.Symbol) -> list[Term] | None:
    if not exponent.is_polynomial(variable):
        return None
    coefficients = sp.Poly(exponent, variable).all_coeffs()[::-1]
    if len(coefficients) > 3:
        return None
    constant, linear, quadratic = (*coefficients, _ZERO, _ZERO)[:3]
    return [Term(sp.exp(constant), linear=linear, quadratic=quadratic)]


def _line(value: sp.Expr, variable: sp.Symbol) -> tuple[sp.Expr, sp.Expr] | None:
    if not value.is_polynomial(variable) or sp.degree(value, variable) != 1:
        return None
    slope, start = sp.Poly(value, variable).all_coeffs()
    return slope, start


def _product(first: list[Term], second: list[Term], most: int) -> list[Term] | None:
    if len(first) * len(second) > 4 * most:
        return None
    return _collected([t for a in first for b in second for t in _times(a, b)], most)


def _times(a: Term, b: Term) -> list[Term]:
    """Two terms' product; of two cosines the half sum of those of sum and difference."""
    whole = Term(
        a.coefficient * b.coefficient,
        a.power + b.power,
        a.linear + b.linear,
        a.quadratic + b.quadratic,
        a.turn + b.turn,
        a.phase + b.phase,
        tuple(sorted((*a.errors, *b.errors), key=lambda e: sp.default_sort_key(sp.Tuple(*e)))),
    )
    if (a.turn, a.phase) == (0, 0) or (b.turn, b.phase) == (0, 0):
        return [whole]
    half = replace(whole, coefficient=whole.coefficient / 2)
    return [half, replace(half, turn=a.turn - b.turn, phase=a.phase - b.phase)]


def _collected(terms: list[Term], most: int) -> list[Term] | None:
    """Terms that differ in their coefficient only as one; a cosine that does not turn is a number."""
    sums: dict[Term, sp.Expr] = {}
    for term in terms:
        if term.turn == 0 and term.phase != 0:
            term = replace(term, coefficient=term.coefficient * sp.cos(term.phase), phase=_ZERO)
        kind = replace(term, coefficient=sp.Integer(1), power=sp.expand(term.power), linear=sp.expand(term.linear))
        sums[kind] = sums.get(kind, _ZERO) + term.coefficient
    found = [replace(kind, coefficient=total) for kind, c in sums.items() if (total := sp.expand(c)) != 0]
    return found if len(found) <= most else None
