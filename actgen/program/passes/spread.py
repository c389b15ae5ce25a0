"""Factors of a choice as factors of its arms' terms: (u + v)/b where b·x is u as x + v/b.

A parameter that divides what it multiplied leaves no term in the derivative, where two that cancel would be.
"""

from __future__ import annotations

import sympy as sp

from actgen.program.stable import Select


def spread(e: sp.Expr) -> sp.Expr:
    """The expression with every product that holds one choice multiplied out in the arms."""
    return e.replace(lambda part: isinstance(part, sp.Mul) and part.has(Select), _spread)


def _spread(product: sp.Expr) -> sp.Expr:
    choices = [f for f in product.args if isinstance(f, Select)]
    if len(choices) != 1:
        return product
    test, positive, other = choices[0].args
    factor = sp.Mul(*(f for f in product.args if f is not choices[0]))
    return Select(test, *(sp.Add(*(factor * t for t in sp.Add.make_args(arm))) for arm in (positive, other)))
