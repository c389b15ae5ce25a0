"""The Program: a hash-consed graph of ops, shared between the outputs and all their partials."""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

import sympy as sp

from actgen.program.ops import OPS, Kind


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Node:
    """One op applied to nodes. Equal nodes are the same object: make them with the functions below.

    `payload` is the argument's name for `arg`, the exact SymPy number for `const`, what the coefficients of a `poly`
    are called, else None.
    """

    op: str
    args: tuple[Node, ...] = ()
    payload: str | sp.Expr | None = None

    @property
    def is_bool(self) -> bool:
        """Whether the node is a condition."""
        return OPS[self.op].kind is Kind.BOOL

    @property
    def exact(self) -> sp.Expr:
        """The exact number of a `const`."""
        assert self.op == "const"
        return cast(sp.Expr, self.payload)

    @property
    def name(self) -> str:
        """The declared name of an `arg`."""
        assert self.op == "arg"
        return cast(str, self.payload)

    @property
    def called(self) -> str:
        """What the coefficients of a `poly` are called, as in `expm1_over_u`."""
        assert self.op == "poly"
        return cast(str, self.payload)

    def with_operands(self, args: tuple[Node, ...]) -> Node:
        """The same op on other operands."""
        return (
            self if all(a is b for a, b in zip(args, self.args, strict=True)) else _intern(self.op, args, self.payload)
        )

    @property
    def value(self) -> float:
        """The nearest float64 of a `const`."""
        return nearest_float(self.exact)


_interned: weakref.WeakValueDictionary[tuple[object, ...], Node] = weakref.WeakValueDictionary()


def node(op: str, *args: Node) -> Node:
    """The one node for this op and these operands."""
    surplus = len(args) - OPS[op].arity
    assert surplus == 0 or (surplus > 0 and OPS[op].variadic), f"{op} takes {OPS[op].arity} operands"
    return _intern(op, args, None)


def polynomial(u: Node, coefficients: Iterable[sp.Expr | int | float], called: str) -> Node:
    """Σ cₖ uᵏ, the lowest power first; `called` names the coefficients for whoever reads the emitted source."""
    return _intern("poly", (u, *map(const, coefficients)), called)


def arg(name: str) -> Node:
    """The input or parameter of this declared name."""
    return _intern("arg", (), name)


def const(value: sp.Expr | int | float) -> Node:
    """An exact constant (a SymPy number; floats are taken at their exact binary value)."""
    exact = sp.nan if value != value else value if isinstance(value, sp.Expr) else _exact(value)
    return _intern("const", (), exact)


def _exact(value: int | float) -> sp.Expr:
    if isinstance(value, float) and math.isinf(value):
        return sp.oo if value > 0 else -sp.oo
    return sp.Rational(*value.as_integer_ratio())


def _intern(op: str, args: tuple[Node, ...], payload: str | sp.Expr | None) -> Node:
    key = (op, tuple(id(a) for a in args), payload)
    found = _interned.get(key)
    if found is None:
        found = Node(op, args, payload)
        _interned[key] = found
    return found


def nearest_float(exact: sp.Expr) -> float:
    """The float64 nearest to an exact SymPy number (±inf and nan included)."""
    if exact is sp.nan:
        return math.nan
    if exact.is_infinite:
        return math.inf if exact == sp.oo else -math.inf
    if isinstance(exact, sp.Rational):
        return int(exact.p) / int(exact.q)
    return float(exact.evalf(60))


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What is computed: every output, and every output's partial with respect to every variable.

    `forward` maps an output's name to its node; `partials` maps (output, variable) to its node, in spec order
    (outputs outermost; inputs, then parameters). `hints` gives readable names to some nodes.
    """

    inputs: tuple[str, ...]
    parameters: tuple[str, ...]
    forward: Mapping[str, Node]
    partials: Mapping[tuple[str, str], Node]
    hints: Mapping[Node, str]

    @property
    def variables(self) -> tuple[str, ...]:
        """Inputs, then parameters."""
        return (*self.inputs, *self.parameters)

    def roots(self) -> tuple[Node, ...]:
        """All results: outputs first, then partials."""
        return (*self.forward.values(), *self.partials.values())

    def with_roots(self, new: Mapping[Node, Node], hints: Mapping[Node, str] | None = None) -> Program:
        """The program with other results, each for one of its own, and with other hints if they are given."""
        return replace(
            self,
            forward={name: new[root] for name, root in self.forward.items()},
            partials={key: new[root] for key, root in self.partials.items()},
            hints=self.hints if hints is None else hints,
        )


def topological(roots: Iterable[Node]) -> Iterator[Node]:
    """Every node below the roots once, operands before users, in a stable order."""
    seen: set[int] = set()
    for root in roots:
        stack: list[tuple[Node, int]] = [(root, 0)]
        while stack:
            current, index = stack.pop()
            if id(current) in seen:
                continue
            if index < len(current.args):
                stack += [(current, index + 1), (current.args[index], 0)]
            else:
                seen.add(id(current))
                yield current


@lru_cache(maxsize=32)
def evaluation_order(roots: tuple[Node, ...]) -> tuple[Node, ...]:
    """`topological`, remembered: for what runs the same roots again and again."""
    return tuple(topological(roots))


def rewrite(roots: Iterable[Node], rule: Callable[[Node], Node]) -> dict[Node, Node]:
    """Applies `rule` bottom-up; maps every old node to its new one."""
    new: dict[Node, Node] = {}
    for old in topological(roots):
        new[old] = rule(old.with_operands(tuple(new[a] for a in old.args)))
    return new
