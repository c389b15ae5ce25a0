"""Rule 7: a piece is evaluated at arguments that lie in it, so that the piece not taken yields no NaN or Inf.

Outside its region a piece sees a fixed safe point instead of its arguments. A select, not a clamp: its derivative at
the piece's own boundary is 1 in every framework, at any order of differentiation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sympy as sp

from actgen.program.build import where
from actgen.program.evaluate import evaluate_nodes
from actgen.program.program import Node, arg, const, node, rewrite
from actgen.symbolic.points import solve_key

_OFFSETS = (0, 1, -1, 2, -2, sp.Rational(1, 2), sp.Rational(-1, 2))


@dataclass(frozen=True, slots=True)
class Guard:
    """When a piece applies, and where it is evaluated when it does not.

    `outside` is false for NaN arguments of the last piece, so that they pass through it.
    """

    condition: Node
    inverted: bool
    safe: Mapping[str, Node]


def guarded(roots: Sequence[Node], guard: Guard, hints: dict[Node, str], suffix: str) -> list[Node]:
    """The roots with each guarded argument replaced by a select between it and its safe value."""
    replacements: dict[Node, Node] = {}
    for name, safe in guard.safe.items():
        argument = arg(name)
        a, b = (safe, argument) if guard.inverted else (argument, safe)
        replacements[argument] = where(guard.condition, a, b)
        hints[replacements[argument]] = f"{name}_{suffix}"
    new = rewrite(roots, lambda n: replacements.get(n, n))
    return [new[root] for root in roots]


def is_harmless(value: sp.Expr, names: Iterable[str]) -> bool:
    """Whether an expression is finite, with all derivatives, wherever its arguments are: affine in each of them."""
    symbols = [s for s in value.free_symbols if s.name in set(names)]
    if not value.is_polynomial(*symbols):
        return False
    return not symbols or sp.Poly(value, *symbols).total_degree() <= 1


def safe_point(
    roots: Sequence[Node], names: Sequence[str], nominal: Mapping[str, float], regions: Sequence[sp.Basic]
) -> dict[str, Node] | None:
    """A point of the piece where every root is finite, as near to 0 and the breakpoints as there is one.

    Args:
        roots: the piece's value and partials.
        names: the arguments to be fixed.
        nominal: values of the other arguments.
        regions: SymPy conditions that hold in the piece.
    """
    deciding = sorted({s.name for region in regions for s in region.free_symbols} - {*nominal, *names})
    for candidate in _candidates([*names, *deciding], regions):
        numbers = {**nominal, **{n: float(v.evalf()) for n, v in candidate.items()}}
        if not all(_holds(region, numbers) for region in regions):
            continue
        if all(math.isfinite(float(v)) for v in evaluate_nodes(roots, {k: np.float64(v) for k, v in numbers.items()})):
            return {n: const(v) for n, v in candidate.items() if n in names}
    return None


def _candidates(names: Sequence[str], regions: Sequence[sp.Basic]) -> Iterable[dict[str, sp.Expr]]:
    bounds: dict[str, list[sp.Expr]] = {n: [sp.Integer(0), sp.Integer(1), sp.Integer(-1)] for n in names}
    for region in regions:
        for relation in region.atoms(sp.core.relational.Relational):
            for symbol in relation.free_symbols:
                if symbol.name in bounds and relation.free_symbols == {symbol}:
                    _, location = solve_key(relation.lhs - relation.rhs, sp.Integer(0))
                    bounds[symbol.name] = [location + o for o in _OFFSETS] + bounds[symbol.name]
    return _grid(list(bounds.items()))


def _grid(axes: Sequence[tuple[str, Sequence[sp.Expr]]]) -> Iterable[dict[str, sp.Expr]]:
    if not axes:
        yield {}
        return
    (name, values), *rest = axes
    for others in _grid(rest):
        for value in dict.fromkeys(values):
            if value.is_number and value.is_finite:
                yield {name: value, **others}


def _holds(region: sp.Basic, numbers: Mapping[str, float]) -> bool:
    values = {s: sp.Rational(*numbers[s.name].as_integer_ratio()) for s in region.free_symbols}
    try:
        return bool(region.subs(values))
    except TypeError:  # a comparison with what has no value there
        return False


def select_chain(conditions: Sequence[Node], values: Sequence[Node]) -> Node:
    """The first value whose condition holds; the last value has no condition."""
    total = values[-1]
    for condition, value in zip(reversed(conditions), reversed(values[:-1]), strict=True):
        total = where(condition, value, total)
    return total


def negation(conditions: Sequence[Node]) -> Node | None:
    """That any of the conditions holds; None if there are none."""
    total: Node | None = None
    for condition in conditions:
        total = condition if total is None else node("or", total, condition)
    return total
