"""A comparison with a rational function that has one real zero is a comparison with that zero.

x·(27 + x²)/(27 + 9x²) > -1 is (x + 3)³ > 0, that is x > -3: in floats the quotient is -1 on numbers beside it.
"""

from __future__ import annotations

import sympy as sp

_DEGREE = 12


def straightened(difference: sp.Expr) -> sp.Expr:
    """A line with the sign of the difference at every number, if it is curved and such a line is there."""
    if len(difference.free_symbols) != 1 or difference.is_Symbol:
        return difference
    (symbol,) = difference.free_symbols
    if not difference.is_rational_function(symbol):
        return difference
    top, bottom = (_polynomial(part, symbol) for part in sp.fraction(sp.together(difference)))
    if top is None or bottom is None or top.degree() < 2 or bottom.count_roots() > 0:
        return difference
    leading, factors = top.factor_list()
    real = [(factor, power) for factor, power in factors if factor.count_roots() > 0]
    if len(real) != 1 or real[0][0].degree() != 1 or real[0][1] % 2 == 0:
        return difference
    line = real[0][0].as_expr()
    place = sp.solve(line, symbol)[0]
    others = sp.Mul(leading / bottom.eval(place), *(f.eval(place) ** p for f, p in factors if f != real[0][0]))
    return line if others > 0 else -line


def _polynomial(e: sp.Expr, symbol: sp.Symbol) -> sp.Poly | None:
    polynomial = sp.Poly(e, symbol)
    return polynomial if polynomial.domain in (sp.ZZ, sp.QQ) and polynomial.degree() <= _DEGREE else None
