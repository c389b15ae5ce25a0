"""At the edge of its domain a formula has the limit from the one side that is reachable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import numpy.typing as npt
import sympy as sp

from actgen.activation import Parameter
from actgen.program.build import where
from actgen.program.evaluate import evaluate_nodes
from actgen.program.program import Node, arg, const, node, topological
from actgen.program.sampling import Holds, Samples, allows
from actgen.symbolic.calculus import vanishes
from actgen.symbolic.derivation import Derivation, ExactPiece
from actgen.symbolic.signs import Signs

_EDGES = (sp.Integer(0), sp.Integer(1), sp.Integer(-1))
_BESIDE = sp.Rational(1, 1000)
_PATTERNS = 4  # of signs; more take long, and seldom agree


def at_edges(
    piece: ExactPiece, roots: Sequence[Node], derivation: Derivation, points: Samples, holds: Holds
) -> list[Node]:
    """The roots with the limit at an edge of the domain, wherever they miss it (1/-0 for 1/0, say).

    The limit must be one number for all signs that the parameters' bounds allow; 0 is none of them.

    Args:
        piece: what the roots compute.
        roots: its value and partials.
        derivation: what the piece is from.
        points: the samples, of which the parameters are used.
        holds: at which arguments the piece applies; an edge that it does not reach is none.
    """
    found = list(roots)
    inputs = [derivation.symbols[i.name] for i in derivation.activation.inputs]
    for symbol in inputs:
        for quantity in piece.domain:
            if quantity.free_symbols & set(inputs) != {symbol}:
                continue
            for place in _EDGES:
                at = {**points.columns, symbol.name: np.full(points.size, float(place))}
                if holds(at).any() and vanishes(quantity.subs(symbol, place)):
                    found = _with_limits(piece, found, symbol, place, quantity, derivation, points)
    return found


def _with_limits(
    piece: ExactPiece,
    roots: Sequence[Node],
    symbol: sp.Symbol,
    place: sp.Expr,
    quantity: sp.Expr,
    derivation: Derivation,
    points: Samples,
) -> list[Node]:
    used = piece.value.free_symbols
    parameters = [p for p in derivation.activation.parameters if derivation.symbols[p.name] in used]
    patterns = list(_patterns(parameters))
    if len(patterns) > _PATTERNS:
        return list(roots)
    known = {symbol.name, *(p.name for p in derivation.activation.parameters)}
    found = list(roots)
    for index, expression in enumerate((piece.value, *piece.partials.values())):
        root = roots[index]
        if not _arguments(root) <= known or (parameters and _is_finite(root, symbol.name, place, points)):
            continue
        limits = {_limit(expression, symbol, place, quantity, pattern, derivation) for pattern in patterns}
        found[index] = _with_limit(root, limits.pop() if len(limits) == 1 else None, symbol.name, place, points)
    return found


def _is_finite(root: Node, name: str, place: sp.Expr, points: Samples) -> bool:
    """Whether it has a number there for all parameters; a limit with parameters in it takes seconds to find."""
    return bool(np.isfinite(evaluate_nodes([root], _at(name, place, points, points.size))[0]).all())


def _at(name: str, place: sp.Expr, points: Samples, rows: int) -> dict[str, npt.NDArray[np.float64]]:
    """Some of the points, moved to a place from either side of 0."""
    zeros = np.repeat([-0.0, 0.0], rows) + float(place)
    return {n: np.tile(column[:rows], 2) for n, column in points.columns.items()} | {name: zeros}


def _arguments(root: Node) -> set[str]:
    return {n.name for n in topological([root]) if n.op == "arg"}


def _patterns(parameters: Sequence[Parameter]) -> Iterator[dict[str, float]]:
    """A value of each sign that the bounds allow, for all parameters together."""
    values = [
        [s * (abs(p.nominal.value) or 1.0) for s in (1, -1) if allows(p, s * (abs(p.nominal.value) or 1.0))]
        for p in parameters
    ]
    for chosen in product(*values):
        yield {p.name: value for p, value in zip(parameters, chosen, strict=True)}


def _limit(
    expression: sp.Expr,
    symbol: sp.Symbol,
    place: sp.Expr,
    quantity: sp.Expr,
    pattern: dict[str, float],
    derivation: Derivation,
) -> sp.Expr | None:
    at = {derivation.symbols[name]: sp.Float(value) for name, value in pattern.items()}
    side = "+" if quantity.subs({symbol: place + _BESIDE, **at}).evalf() > 0 else "-"
    signs = Signs(tuple((s, 1 if value > 0 else -1) for s, value in at.items()))
    return signs.limit(expression, symbol, place, side)


def _with_limit(root: Node, value: sp.Expr | None, name: str, place: sp.Expr, points: Samples) -> Node:
    if value is None or value.free_symbols:
        return root
    wanted = const(value)
    rows = 1 if _arguments(root) <= {name} else points.size
    at = _at(name, place, points, rows)
    if np.array_equal(evaluate_nodes([root], at)[0], np.full(2 * rows, wanted.value), equal_nan=True):
        return root
    return where(node("eq", arg(name), const(place)), wanted, root)
