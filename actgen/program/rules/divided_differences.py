"""Divided differences of exponentials, (e^(ax) - e^(bx))/(a - b): for a = b they are 0/0."""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations

import sympy as sp

from actgen.program.rules.rule import terms_with
from actgen.program.stable import Expm1


def with_divided_differences(e: sp.Expr) -> sp.Expr:
    """c·e^u - c·e^v as c·e^v·expm1(u - v), where u - v is a multiple of a difference that is divided by."""
    differences = {p.base for p in e.atoms(sp.Pow) if p.base.is_Add and p.exp.is_Integer and p.exp.is_negative}
    polynomials = [d for d in sorted(differences, key=sp.default_sort_key) if d.is_polynomial()]
    return e.replace(sp.Add, lambda *terms: _paired(sp.Add(*terms), polynomials)) if polynomials else e


def _paired(total: sp.Expr, differences: Collection[sp.Expr]) -> sp.Expr:
    for (first, c, u), (second, d, v) in combinations(list(terms_with(total, sp.exp)), 2):
        if c + d == 0 and any(_divides(difference, u - v) for difference in differences):
            return total - first - second + c * sp.exp(v) * Expm1(sp.factor(u - v))
    return total


def _divides(difference: sp.Expr, u: sp.Expr) -> bool:
    return bool(sp.fraction(sp.cancel(u / difference))[1].is_number)
