"""Rational functions for large arguments: products of polynomials in 1/x, times one power of x.

`(a3*x**3 + …)/(b2*x**2 + …)` overflows above and below long before it does as a whole, and what cancels among its
leading terms leaves no digits. In 1/x, with the products that cancel multiplied out, nothing overflows, for all values
of the parameters; unlike a series in 1/x it is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sympy as sp

from actgen.program.build import ONE, div, mul, power, where
from actgen.program.passes.far import STARTS, far_side
from actgen.program.passes.near import Near, polynomial
from actgen.program.program import Node, arg, const, node
from actgen.program.sampling import Samples
from actgen.program.translate import Translator
from actgen.symbolic.derivation import Derivation, ExactPiece

_LONGEST = 400  # operations of all coefficients


@dataclass(frozen=True, slots=True)
class Reversed:
    """x^`order`·Π pₖ(1/x)^nₖ, for each of `factors` the coefficients of pₖ, the constant first, and nₖ."""

    order: int
    factors: tuple[tuple[tuple[sp.Expr, ...], int], ...]


def reversed_patch(
    piece: ExactPiece,
    roots: Sequence[Node],
    derivation: Derivation,
    name: str,
    points: Samples,
    mask: npt.NDArray[np.bool_],
    translate: Translator,
) -> Near | None:
    """The patch for large values of one input of either sign, for roots that are rational in it and gain by it."""
    symbol = derivation.symbols[name]
    if symbol not in piece.value.free_symbols:
        return None
    rational = [e.is_rational_function(symbol) for e in (piece.value, *piece.partials.values())]
    if not any(rational):
        return None
    far = far_side(piece, roots, points, mask, name, (1, -1), translate)
    if far is None:
        return None
    wanted = [is_rational and is_bad for is_rational, is_bad in zip(rational, far.wanting(), strict=True)]
    found = [_reversed(e, symbol) if is_wanted else None for e, is_wanted in zip(far.exprs, wanted, strict=True)]
    if not any(found):
        return None
    names = ["value", *(f"d{v}" for v in piece.partials)]
    return far.best([_near(found, names, symbol, start, translate) for start in STARTS])


def _near(
    found: Sequence[Reversed | None], names: Sequence[str], symbol: sp.Symbol, start: int, translate: Translator
) -> Near:
    variable = arg(symbol.name)
    condition = node("lt", const(start), node("abs", variable))
    held = where(condition, variable, const(start))
    called = [f"{name}_{symbol.name}_far" for name in names]
    nodes = [None if f is None else _written(f, held, c, translate) for f, c in zip(found, called, strict=True)]
    return Near(condition, tuple(nodes), {symbol.name: ONE})


def _reversed(e: sp.Expr, symbol: sp.Symbol) -> Reversed | None:
    """The expression in 1/x; None if it is too long."""
    order = 0
    factors: list[tuple[tuple[sp.Expr, ...], int]] = []
    for factor in sp.Mul.make_args(sp.together(e)):
        base, exponent = factor.as_base_exp()
        if not (base.has(symbol) and exponent.is_Integer and base.is_polynomial(symbol)):
            base, exponent = factor, sp.Integer(1)
        poly = sp.Poly(base, symbol)
        order += poly.degree() * int(exponent)
        factors.append((tuple(poly.all_coeffs()), int(exponent)))
    if sum(int(c.count_ops()) for coefficients, _ in factors for c in coefficients) > _LONGEST:
        return None
    return Reversed(order, tuple(factors))


def _written(found: Reversed, x: Node, called: str, translate: Translator) -> Node:
    """As nodes."""
    inverse = div(ONE, x)
    top, bottom = ONE, ONE
    for coefficients, exponent in found.factors:
        kept = _without_zeros(coefficients)
        value = translate(kept[0]) if len(kept) == 1 else polynomial(kept, inverse, called)
        if value is ONE:
            continue
        if exponent > 0:
            top = mul(top, power(value, exponent))
        else:
            bottom = mul(bottom, power(value, -exponent))
    return mul(power(x, found.order) if found.order > 0 else power(inverse, -found.order), div(top, bottom))


def _without_zeros(coefficients: Sequence[sp.Expr]) -> tuple[sp.Expr, ...]:
    """Without what is 0 at the end."""
    last = max(k for k, c in enumerate(coefficients) if c != 0)
    return tuple(coefficients[: last + 1])
