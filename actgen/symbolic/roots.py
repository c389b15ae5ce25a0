"""Real roots of a condition: exact ones where they can be had, else numbers of thirty digits."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import sympy as sp

from actgen.symbolic.calculus import elementary, vanishes

_SIMPLE = (sp.Integer(0), sp.Integer(1), sp.Integer(-1))
_GRID = tuple(sp.Rational(k, 4) for k in range(-40, 41))
_FURTHER = tuple(sp.Integer(k) for k in (12, 16, 20, 28, 40, 64))  # a tower of exponentials takes long further out
_FINE = tuple(sp.Rational(k, 64) for k in range(-64, 65))
_FINEST = 64
_DEGREE = 12
_DIGITS = 30
_HALVINGS = 100
_MOST = 8


def real_roots(equation: sp.Expr, symbol: sp.Symbol) -> list[sp.Expr]:
    """Where an expression is 0, in order as far as that is known; possibly none, and of very many some.

    What no formula solves (x = cos(x)) is searched for changes of sign, if it holds no other symbol. That takes
    seconds, and many cases meet along one condition: each is searched once.
    """
    return list(_real_roots(equation, symbol))


@cache
def _real_roots(equation: sp.Expr, symbol: sp.Symbol) -> tuple[sp.Expr, ...]:
    if _is_of_high_degree(equation, symbol):
        return tuple(_searched(equation, symbol, [], (*_GRID, *_FINE)))
    try:
        found = sp.solve(equation, symbol)
    except NotImplementedError:
        exact = [place for place in _SIMPLE if vanishes(equation.subs(symbol, place))]
        return (*exact, *_searched(equation, symbol, exact))
    return tuple(root for root in found if root.is_real is not False)


def _is_of_high_degree(equation: sp.Expr, symbol: sp.Symbol) -> bool:
    """Whether an exponent as 50/33 would make it a polynomial of that degree: `solve` does not come back from one."""
    exponents = {p.exp for p in equation.atoms(sp.Pow) if p.has(symbol)}
    exponents |= {f.args[0] for f in equation.atoms(sp.Function) if f.has(symbol) and f.args[0].has(sp.log)}
    rationals = {r for e in exponents for r in e.atoms(sp.Rational)}
    return any(r.q > _DEGREE or (r.q > 1 and abs(r.p) > _DEGREE) for r in rationals)


def _searched(
    equation: sp.Expr, symbol: sp.Symbol, known: list[sp.Expr], middle: tuple[sp.Rational, ...] = _GRID
) -> list[sp.Expr]:
    if equation.free_symbols != {symbol}:
        return []
    equation = elementary(equation)  # once, and not at every place
    grid = (*(-p for p in reversed(_FURTHER)), *sorted(set(middle)), *_FURTHER)
    signs = [(place, _sign(equation, symbol, place)) for place in grid]
    brackets = [(a, b) for (a, s), (b, t) in pairwise((p, s) for p, s in signs if s) if s * t < 0]
    found = [_bisected(equation, symbol, a, b) for a, b in brackets[:_MOST]]
    return [root for root in found if all(abs(root - other) > sp.Rational(1, 10**9) for other in known)]


def _bisected(equation: sp.Expr, symbol: sp.Symbol, low: sp.Expr, high: sp.Expr) -> sp.Expr:
    rising = _sign(equation, symbol, high) > 0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if (_sign(equation, symbol, middle) > 0) == rising:
            high = middle
        else:
            low = middle
    return sp.Float(high, _DIGITS)


def _sign(equation: sp.Expr, symbol: sp.Symbol, place: sp.Expr) -> int:
    """0 also where there is no real value."""
    short = place.q <= _FINEST  # a power of a long fraction to 10000/6667 is factored for minutes, in vain
    value = sp.N(equation.subs(symbol, place if short else sp.Float(place, 2 * _DIGITS)), _DIGITS + 10)
    return 0 if not value.is_comparable or value == 0 else 1 if value > 0 else -1
