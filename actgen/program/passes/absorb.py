"""Products 0·∞ at ordinary arguments: a factor that has vanished wins over one that has overflowed.

Quotients ∞/∞ likewise: a denominator that has overflowed wins over its numerator where the exact result is next to 0.
Whether a factor is 0 for a parameter that is, or has decayed before the other overflows, shows at parameters from
wherever the verification draws them, and at fine steps of the inputs; what was NaN there, and should not be, decides.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from actgen.activation import Activation
from actgen.program.build import ZERO, where
from actgen.program.evaluate import evaluate_nodes
from actgen.program.program import Node, Program, node, topological
from actgen.program.sampling import allows, finite_ends
from actgen.program.truth import truths

Array = npt.NDArray[np.float64]
Columns = Mapping[str, Array]

_SEED = 20251126
_DRAWS = 24
_SMALLEST = np.exp2([-1074.0, -149.0, -133.0])
_SIZES = np.concatenate([_SMALLEST, np.exp2(np.arange(-20, 14, 0.125)), np.exp2(np.arange(14, 1024, 8.25))])
_SMALL, _FAR = 2.0**-120, 2.0**128  # beyond these no selects are made for parameters that are 0
_EXAMINED = 48  # results that are held against exact arithmetic
_CLOSE, _TINY = 1e-9, 2.0**-200  # which is 0 in every format but float64


def without_lost_products(program: Program, activation: Activation) -> Program:
    """The program, with a select of 0 for such a factor, in those products whose loss leaves a result NaN."""
    columns = _columns(activation)
    missing = [np.flatnonzero(np.isnan(value)) for value in evaluate_nodes(program.roots(), columns)]
    new: dict[Node, Node] = {}
    for root, rows in zip(program.roots(), missing, strict=True):
        new[root] = _mended(root, columns, rows) if rows.size else root
    return program.with_roots(new)


def absorbed(root: Node, zeros: Mapping[Node, Node]) -> Node:
    """The root with 0 for each of these products, where its factor is 0."""
    new: dict[Node, Node] = {}
    for old in topological([root]):
        rebuilt = old.with_operands(tuple(new[a] for a in old.args))
        new[old] = where(node("eq", new[zeros[old]], ZERO), ZERO, rebuilt) if old in zeros else rebuilt
    return new[root]


def lost_products(root: Node, columns: Columns, dtype: type[np.floating] = np.float64) -> Iterator[tuple[Node, Node]]:
    """(product, factor) where the factor is 0 and the other one infinite, unless a select sees to it already."""
    nodes = list(topological([root]))
    done = {n.args[2] for n in nodes if n.op == "where" and n.args[1] is ZERO and n.args[0].op == "eq"}
    products = [n for n in nodes if n.op == "mul" and n not in done]
    operands = [a for n in products for a in n.args]
    values = iter(evaluate_nodes(operands, columns, dtype))
    for product in products:
        one, other = next(values), next(values)
        if np.any((one == 0) & np.isinf(other)):
            yield product, product.args[0]
        elif np.any(np.isinf(one) & (other == 0)):
            yield product, product.args[1]


def _mended(root: Node, columns: Columns, rows: npt.NDArray[np.intp]) -> Node:
    some = rows[:: max(1, rows.size // _EXAMINED)]
    at = {name: column[some] for name, column in columns.items()}
    (exact,) = truths([root], at)
    right = _right(root, exact, at)
    changes: list[Callable[[Node, Columns], Node]] = [
        lambda r, c: absorbed(r, dict(lost_products(r, c))),
        _without_lost_quotients,
    ]
    for change in [*changes, *changes]:
        candidate = change(root, {n: c[np.isfinite(exact) & ~right] for n, c in at.items()})
        better = _right(candidate, exact, at)
        if better.sum() > right.sum():
            root, right = candidate, better
    return root


def _without_lost_quotients(root: Node, columns: Columns) -> Node:
    """The root with 0 for ∞/∞; where the result is right so is decided by measuring."""
    quotients = [n for n in topological([root]) if n.op == "div"]
    values = iter(evaluate_nodes([a for n in quotients for a in n.args], columns))
    lost = {n for n in quotients if np.any(np.isinf(next(values)) & np.isinf(next(values)))}
    new: dict[Node, Node] = {}
    for old in topological([root]):
        rebuilt = old.with_operands(tuple(new[a] for a in old.args))
        new[old] = where(node("isinf", rebuilt.args[1]), ZERO, rebuilt) if old in lost else rebuilt
    return new[root]


def _right(root: Node, exact: Array, at: Columns) -> npt.NDArray[np.bool_]:
    (value,) = evaluate_nodes([root], at)
    with np.errstate(all="ignore"):
        return (np.abs(value - exact) <= _CLOSE * np.abs(exact) + _TINY) | (value == exact)


def _columns(activation: Activation) -> Columns:
    """Each input at all sizes, the others moderate, for every parameter set."""
    rng = random.Random(_SEED)  # noqa: S311 - sampling, not secrets
    rows: list[dict[str, Array]] = []
    inputs = [i.name for i in activation.inputs]
    sizes = np.concatenate([_SIZES, -_SIZES])
    for parameters in _parameter_sets(activation, rng):
        small, far = (_SMALL, _FAR) if 0 in parameters.values() else (0, np.inf)
        for name in inputs:
            numbers = {**parameters, **{i: rng.uniform(-3, 3) for i in inputs}}
            column = sizes[(np.abs(sizes) > small) & (np.abs(sizes) < far)]
            rows.append({n: np.full(column.size, v) for n, v in numbers.items()} | {name: column})
    return {v.name: np.concatenate([row[v.name] for row in rows]) for v in activation.variables}


def _parameter_sets(activation: Activation, rng: random.Random) -> Sequence[Mapping[str, float]]:
    """The nominal one; each parameter at 0 and at the ends of its range; draws."""
    nominal = dict(activation.nominal())
    found = [nominal]
    for p in activation.parameters:
        values = dict.fromkeys((*([0.0] if allows(p, 0) else []), *finite_ends(p), *p.tried()))
        found += [{**nominal, p.name: v} for v in values]
    draws = _DRAWS if activation.parameters else 0
    return [*found, *({p.name: rng.uniform(*p.tried()) for p in activation.parameters} for _ in range(draws))]
