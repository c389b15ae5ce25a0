"""What a rewrite rule is, and how rules find pairs of terms in a sum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import sympy as sp

U = sp.Symbol("u", real=True)
V = sp.Symbol("v", real=True)
"""The symbols of the examples."""


class Rule(Protocol):
    """A rewrite of one node of an expression whose parts are already rewritten."""

    name: str
    reason: str
    before: sp.Expr
    after: sp.Expr

    def apply(self, e: sp.Expr) -> sp.Expr | None:
        """The better form, or None if the rule does not match."""
        ...


def paired(e: sp.Expr, function: type[sp.Basic], power: int = 1) -> Iterator[tuple[sp.Expr, sp.Expr, sp.Expr, bool]]:
    """Pairs c·F(u)^power and ±c in a sum: yields (c, u, the rest of the sum, whether the constant is +c)."""
    if not isinstance(e, sp.Add):
        return
    for term in e.args:
        for factor in sp.Mul.make_args(term):
            base, exponent = factor.as_base_exp() if power != 1 else (factor, sp.Integer(1))
            if not isinstance(base, function) or (power != 1 and exponent != power):
                continue
            coefficient = without(term, factor)
            for partner, same_sign in ((coefficient, True), (-coefficient, False)):
                if partner in e.args:
                    yield coefficient, base.args[0], e - term - partner, same_sign


def terms_with(e: sp.Expr, function: type[sp.Basic]) -> Iterator[tuple[sp.Expr, sp.Expr, sp.Expr]]:
    """(term, coefficient, argument) of every c·F(u) in a sum."""
    for term in e.args if isinstance(e, sp.Add) else ():
        for factor in sp.Mul.make_args(term):
            if isinstance(factor, function):
                yield term, without(term, factor), factor.args[0]


def without(product: sp.Expr, factor: sp.Expr) -> sp.Expr:
    """The product of the other factors; a division would leave e^(a + b)·e^(-a - b) standing."""
    return sp.Mul(*(f for f in sp.Mul.make_args(product) if f != factor))
