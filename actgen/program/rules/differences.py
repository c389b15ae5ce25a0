"""Differences of tanh, of sigmoids and of their slopes, as products of factors that neither overflow nor cancel.

tanh(a) - tanh(b) = 2·(1 - e^(-2d))·sigmoid(2a)·sigmoid(-2b) with d = a - b, which is used for positive d; for negative
d the arguments change places. The shorter form with sinh(d)·sech(a)·sech(b) (https://dlmf.nist.gov/4.35.E7) is ∞·0
where d grows with the input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

import sympy as sp

from actgen.program.rules.rule import U, V, terms_with, without
from actgen.program.stable import Expm1, Sech, Select
from actgen.symbolic.functions import Sigmoid

_Pair = tuple[sp.Expr, sp.Expr, sp.Expr, sp.Expr]
"""Two terms of a sum together, and c, a and b: they are c·(F(a) - F(b))."""


def sigmoid_difference(a: sp.Expr, b: sp.Expr) -> sp.Expr:
    """sigmoid(a) - sigmoid(b)."""
    d = sp.expand(a - b)
    above, below = -Sigmoid(a) * Sigmoid(-b) * Expm1(-d), Sigmoid(-a) * Sigmoid(b) * Expm1(d)
    if d.is_number:
        return above if d.is_positive else below
    return Select(d, above, below)


def tanh_difference(a: sp.Expr, b: sp.Expr) -> sp.Expr:
    """tanh(a) - tanh(b)."""
    return 2 * sigmoid_difference(2 * a, 2 * b)


class SignedDifference:
    """c·tanh(a) ± c·tanh(b) and c·sigmoid(a) - c·sigmoid(b)."""

    name = "signed-difference"
    reason = "in the tails both terms round to the same number; sinh(a - b) overflows where a - b grows with the input"
    before = sp.tanh(U) + sp.tanh(V)
    after = Select(
        U + V,
        -2 * Sigmoid(2 * U) * Sigmoid(2 * V) * Expm1(-2 * U - 2 * V),
        2 * Sigmoid(-2 * U) * Sigmoid(-2 * V) * Expm1(2 * U + 2 * V),
    )

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """The pair whose arguments differ least, as a product."""
        tanh = terms_with(e, sp.tanh)
        sigmoids = terms_with(e, Sigmoid)
        return _joined(e, _pairs(tanh, odd=True), tanh_difference) or _joined(
            e, _pairs(sigmoids, odd=False), sigmoid_difference
        )


class SlopeDifference:
    """c·sech(a)² - c·sech(b)² and c·sigmoid(a)·sigmoid(-a) - c·sigmoid(b)·sigmoid(-b)."""

    name = "slope-difference"
    reason = "where a and b, or a and -b, are close, the terms cancel"
    before = Sech(U) ** 2 - Sech(V) ** 2
    after = -tanh_difference(U, V) * tanh_difference(U, -V)

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """A difference of squares as a product of a difference and a sum, of tanh or of sigmoids."""
        return _joined(
            e, _pairs(_squared_sech(e), odd=False), lambda a, b: -tanh_difference(a, b) * tanh_difference(a, -b)
        ) or _joined(
            e, _pairs(_sigmoid_slopes(e), odd=False), lambda a, b: -sigmoid_difference(a, b) * sigmoid_difference(a, -b)
        )


def _squared_sech(e: sp.Expr) -> Iterator[tuple[sp.Expr, sp.Expr, sp.Expr]]:
    """(term, c, u) of every c·sech(u)² in a sum."""
    for term in e.args if isinstance(e, sp.Add) else ():
        for factor in sp.Mul.make_args(term):
            if isinstance(factor, sp.Pow) and isinstance(factor.base, Sech) and factor.exp == 2:
                yield term, without(term, factor), factor.base.args[0]


def _sigmoid_slopes(e: sp.Expr) -> Iterator[tuple[sp.Expr, sp.Expr, sp.Expr]]:
    """(term, c, u) of every c·sigmoid(u)·sigmoid(-u) in a sum."""
    for term, c, u in terms_with(e, Sigmoid):
        if not u.could_extract_minus_sign() and Sigmoid(-u) in sp.Mul.make_args(c):
            yield term, without(c, Sigmoid(-u)), u


def _pairs(terms: Iterator[tuple[sp.Expr, sp.Expr, sp.Expr]], *, odd: bool) -> list[_Pair]:
    """The pairs with opposite coefficients; of an odd function equal ones do too."""
    found: list[_Pair] = []
    for (first, c, a), (second, d, b) in combinations(list(terms), 2):
        if first is second:
            continue
        if c + d == 0:
            found.append((first + second, c, a, b))
        elif odd and c == d:
            found.append((first + second, c, a, -b))
    return found


def _joined(e: sp.Expr, pairs: list[_Pair], difference: Callable[[sp.Expr, sp.Expr], sp.Expr]) -> sp.Expr | None:
    """The sum with the pair joined whose arguments differ by the fewest terms."""
    if not pairs:
        return None
    both, c, a, b = min(pairs, key=lambda pair: len(sp.Add.make_args(sp.expand(pair[2] - pair[3]))))
    return e - both + c * difference(a, b)
