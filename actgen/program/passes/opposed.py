"""Products of exponentials of which one overflows while another vanishes: e^a·e^b is taken as e^((a + b)/2), twice.

`exp(b * x) / (1 + exp(a * x))` is e^(bx)·sigmoid(-ax), and 0·∞ for large x, where the truth may be 0, an ordinary
number or ∞. A sigmoid, softplus, sinh or sech is e to some power times a rest of moderate size, so all such factors of
a product share one power of e: each becomes its rest times e^(Σ nₖaₖ/Σ nₖ), where nₖ counts how often it occurs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import sympy as sp

from actgen.formats import Array
from actgen.program.build import ONE, ZERO, add, less, mul, neg, power, where
from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.underflow import factors_of
from actgen.program.program import Node, Program, const, node, rewrite, topological
from actgen.program.reaching import reaching
from actgen.program.sampling import Holds, Samples
from actgen.program.truth import truths

_SIZES = np.concatenate([np.linspace(360, 760, 26), np.geomspace(800, 1e4, 20), [1e8, 1e16, 1e30]])
_OPPOSED = 32
"""From such exponents on, of both signs, a product is looked at."""
_ROWS = 240
_CLOSE = 1e-9
_TINY = 2.0**-1022

Held = Counter[Node]
"""The exponents of a product's exponentials, with how often each occurs."""


def without_opposed_exponentials(
    roots: Sequence[Node], exact: Sequence[Node], shape: Program, points: Samples, holds: Holds
) -> list[Node]:
    """The roots, with the exponentials of a product put together where a result would otherwise be lost.

    Args:
        roots: of a piece.
        exact: what they should be.
        shape: names the inputs and parameters.
        points: give the parameter sets.
        holds: where the piece applies.
    """
    return [_mended(root, truth, shape, points, holds) for root, truth in zip(roots, exact, strict=True)]


def _mended(root: Node, truth: Node, shape: Program, points: Samples, holds: Holds) -> Node:
    """With the exponentials of all products put together, but for those that are right without."""
    exponentials = Exponentials.below(root)
    opposed = {p: _opposed(exponentials.held(p), shape, points, holds) for p in exponentials.products(root)}
    new = {product: exponentials.together(product) for product, columns in opposed.items() if columns}
    if not new:
        return root
    columns = {n: np.concatenate([opposed[product][n] for product in new]) for n in shape.variables}
    (exact,) = truths([truth], columns)
    best, lost = _with(root, new), _lost(_with(root, new), exact, columns)
    if lost >= _lost(root, exact, columns):
        return root
    for product in list(new):
        fewer = {p: together for p, together in new.items() if p is not product}
        if _lost(_with(root, fewer), exact, columns) <= lost:
            best, new = _with(root, fewer), fewer
    return best


def _with(root: Node, new: Mapping[Node, Node]) -> Node:
    return rewrite([root], lambda n: new.get(n, n))[root]


def _opposed(held: Held, shape: Program, points: Samples, holds: Holds) -> dict[str, Array]:
    """Points of the piece at which exponents of a product are large, of both signs; empty if there are none."""
    found = [reaching(exponent, _SIZES, shape, points) for exponent in held]
    columns = {n: np.concatenate([part[n] for part in found if part]) for n in shape.variables if any(found)}
    if not columns:
        return {}
    sizes = np.array(evaluate_nodes(list(held), columns))
    rows = np.flatnonzero((sizes.max(0) > _OPPOSED) & (sizes.min(0) < -_OPPOSED) & holds(columns))
    rows = rows[:: -(-rows.size // _ROWS) or 1]
    return {n: column[rows] for n, column in columns.items()} if rows.size else {}


def _lost(root: Node, exact: Array, columns: Mapping[str, Array]) -> int:
    """At how many points a result is not even near what it should be; 0·∞ will be made 0 (see `absorb`)."""
    (value,) = evaluate_nodes([root], columns)
    value = np.where(np.isnan(value), 0, value)
    with np.errstate(all="ignore"):
        near = np.where(np.isinf(exact), value == exact, np.abs(value - exact) <= _CLOSE * np.abs(exact) + _TINY)
    return int(np.sum(~near & ~np.isnan(exact)))


def _grown(current: Node, beside: Collection[Node]) -> tuple[Node, Node] | None:
    """A sinh or cosh as e^|u| times a rest; expm1, and an exp beside it, as e^u times one for positive u."""
    if current.op not in ("sinh", "cosh", "expm1") and not (current.op == "exp" and current.args[0] in beside):
        return None
    u = current.args[0]
    negative = less(u, ZERO)
    if current.op == "exp":
        return where(negative, ZERO, u), node("exp", where(negative, u, ZERO))
    if current.op == "expm1":
        lost = node("expm1", where(negative, u, neg(u)))
        return where(negative, ZERO, u), where(negative, lost, neg(lost))
    size = where(negative, neg(u), u)
    decay, half = mul(const(-2), size), const(sp.Rational(1, 2))
    if current.op == "cosh":
        return size, mul(half, add(ONE, node("exp", decay)))
    lost = mul(half, node("expm1", decay))
    return size, where(negative, lost, neg(lost))


@dataclass(frozen=True, slots=True)
class Exponentials:
    """Nodes that are e to an exponent times a rest of moderate size; `parts` maps each to both."""

    parts: Mapping[Node, tuple[Node, Node]]
    known: dict[Node, Held] = field(default_factory=dict, compare=False)

    @classmethod
    def below(cls, root: Node) -> Exponentials:
        """Those below a root: what vanishes as e^u does, and what grows so."""
        vanishing = {n: (f.exponent, rest) for f in factors_of(root) for n, rest in f.rests.items()}
        beside = {n.args[0] for n in topological([root]) if n.op == "expm1"}
        growing = {n: part for n in topological([root]) if (part := _grown(n, beside)) is not None}
        return cls(vanishing | growing)

    def held(self, current: Node) -> Held:
        """What may be taken out of a node as a product."""
        found = self.known.get(current)
        if found is None:
            found = self.known[current] = self._held(current)
        return found

    def _held(self, current: Node) -> Held:
        if current in self.parts:
            return Counter({self.parts[current][0]: 1})
        args = current.args
        match current.op:
            case "mul":
                return self.held(args[0]) + self.held(args[1])
            case "neg" | "div":
                return self.held(args[0])
            case "powi" if args[1].exact > 0:
                return Counter({u: n * int(args[1].exact) for u, n in self.held(args[0]).items()})
            case "add" | "sub":
                return self.held(args[0]) & self.held(args[1])
            case "where":
                return self.held(args[2]) if args[1] is ZERO else self.held(args[1]) & self.held(args[2])
        return Counter()

    def products(self, root: Node) -> Iterator[Node]:
        """The outermost nodes from which several exponentials may be taken out."""
        if len(self.held(root)) > 1:
            yield root
        else:
            for operand in root.args:
                yield from self.products(operand)

    def together(self, product: Node) -> Node:
        """A product whose exponentials share one power of e."""
        held = self.held(product)
        total = ZERO
        for exponent, times in held.items():
            total = add(total, mul(const(times), exponent))
        shared = node("exp", mul(const(sp.Rational(1, held.total())), total))
        return self._with(product, held, shared)

    def _with(self, current: Node, wanted: Held, shared: Node) -> Node:
        """The node with another factor in the place of each wanted exponential; once behind a sum, not in its terms."""
        if not wanted or current is ZERO:
            return current
        if current in self.parts:
            return mul(self.parts[current][1], shared)
        args = current.args
        match current.op:
            case "mul":
                first = wanted & self.held(args[0])
                return mul(self._with(args[0], first, shared), self._with(args[1], wanted - first, shared))
            case "powi":
                return self._with_power(current, wanted, shared)
            case "where":
                return node("where", args[0], *(self._with(a, wanted, shared) for a in args[1:]))
            case "add" | "sub":
                total = node(current.op, *(self._with(a, wanted, ONE) for a in args))
                for _ in range(wanted.total()):
                    total = mul(total, shared)
                return total
        return current.with_operands((self._with(args[0], wanted, shared), *args[1:]))

    def _with_power(self, current: Node, wanted: Held, shared: Node) -> Node:
        """A power, in which the base is that as often as is wanted of it."""
        base, times = current.args[0], int(current.args[1].exact)
        changed = Counter[Node]()
        while wanted:
            part = wanted & self.held(base)
            changed[self._with(base, part, shared)] += 1
            wanted = wanted - part
        product = power(base, times - changed.total())
        for factor, often in changed.items():
            product = mul(product, power(factor, often))
        return product
