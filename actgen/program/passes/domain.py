"""Where the formula has no real value, value and partials are NaN: also those partials whose own formula is finite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import sympy as sp

from actgen.program.build import ZERO, where
from actgen.program.evaluate import evaluate_nodes
from actgen.program.program import Node, arg, const, node
from actgen.program.sampling import Holds, Samples
from actgen.program.translate import Translator
from actgen.symbolic.calculus import limit
from actgen.symbolic.derivation import Derivation, ExactPiece
from actgen.symbolic.functions import Cbrt, RealPow

_BESIDE = 2.0**-30
Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def within_domain(
    roots: Sequence[Node], nonnegative: Sequence[Node], points: Samples, mask: npt.NDArray[np.bool_]
) -> list[Node]:
    """The roots with a select to NaN wherever a quantity that must not be negative is, unless they have it already."""
    outside: Node | None = None
    for quantity in nonnegative:
        below = node("lt", quantity, ZERO)
        outside = below if outside is None else node("or", outside, below)
    if outside is None:
        return list(roots)
    rows = mask & np.asarray(evaluate_nodes([outside], points.columns)[0], dtype=bool)
    if not rows.any():
        return list(roots)
    values = evaluate_nodes(roots, points.columns)
    return [
        root if np.all(np.isnan(value[rows])) else where(outside, const(float("nan")), root)
        for root, value in zip(roots, values, strict=True)
    ]


def at_singular_points(
    piece: ExactPiece,
    roots: Sequence[Node],
    derivation: Derivation,
    points: Samples,
    mask: Mask,
    holds: Holds,
    translate: Translator,
) -> list[Node]:
    """The roots with their limit at 0 and at breakpoints, wherever the formula is 0·∞ there (x/cbrt(x)).

    Args:
        piece: what the roots compute.
        roots: its value and partials.
        derivation: what the piece is from.
        points: the samples.
        mask: which of them lie in the piece.
        holds: at which arguments the piece applies.
        translate: expressions to nodes.
    """
    found = list(roots)
    exprs = (piece.value, *piece.partials.values())
    for name in (i.name for i in derivation.activation.inputs):
        for place in _places(derivation, piece, name):
            rows = {n: column[mask] for n, column in points.columns.items()}
            sides = _sides(rows, name, float(place), holds)
            at = rows | {name: np.full(int(mask.sum()), float(place))}
            if not sides:
                continue
            for index, value in enumerate(evaluate_nodes(found, at)):
                if np.isfinite(value).all() or derivation.symbols[name] not in exprs[index].free_symbols:
                    continue
                limits = {limit(exprs[index], derivation.symbols[name], place, side) for side in sides}
                settled = limits.pop() if len(limits) == 1 else None
                if settled is None or settled.is_extended_real is False or settled == _number(value):
                    continue
                if settled.free_symbols and settled == exprs[index].subs(derivation.symbols[name], place):
                    continue  # not finite for some parameters only, and rightly
                if settled.free_symbols and settled.has(sp.oo, -sp.oo):
                    continue  # ∞·0**q says nothing about a number, and has no derivative
                found[index] = where(node("eq", arg(name), const(place)), translate(settled), found[index])
    return found


def _number(values: npt.NDArray[np.float64]) -> sp.Expr | None:
    """The one number that all values are; None if they differ."""
    return sp.sympify(float(values[0])) if values.size and np.all(values == values[0]) else None


def _places(derivation: Derivation, piece: ExactPiece, name: str) -> list[sp.Expr]:
    symbol = derivation.symbols[name]
    numbers = (b.location for o in derivation.outputs for b in o.breakpoints if b.variable == name)
    return list(dict.fromkeys([sp.Integer(0), *(n for n in numbers if n.is_number), *_singular(piece, symbol)]))


def _singular(piece: ExactPiece, symbol: sp.Symbol) -> list[sp.Expr]:
    """Where the argument of a root or a power is 0, if that is a straight line in the input."""
    found = []
    for singular in sorted(piece.value.atoms(Cbrt, RealPow, sp.Pow), key=sp.default_sort_key):
        base = singular.args[0]
        if base.free_symbols == {symbol} and base.is_polynomial(symbol) and sp.degree(base, symbol) == 1:
            found.append(-base.coeff(symbol, 0) / base.coeff(symbol, 1))
    return found


def _sides(rows: Mapping[str, Array], name: str, place: float, holds: Holds) -> list[str]:
    """From where the piece reaches a point."""
    step = _BESIDE * max(abs(place), 1.0)
    beside = {"-": place - step, "+": place + step}
    return [side for side, x in beside.items() if holds({**rows, name: np.full_like(rows[name], x)}).any()]
