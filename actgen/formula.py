"""The formula tree: what the user wrote, node by node, with each node's place in the file.

Nothing here evaluates or rearranges. The oracle reads this tree directly; `symbolic` turns it into SymPy.
Numbers are exact rationals, every quantity is real.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal, TypeAlias

from actgen.diagnostics import Span


@dataclass(frozen=True, slots=True)
class Number:
    """An exact rational: `0.1` is one tenth."""

    value: Fraction
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """`pi` or `E`."""

    name: Literal["pi", "E"]
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """An input, a parameter or a `let` entry, as declared (`lambda`, not `lambda_`)."""

    name: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """An operator of `OPERATORS` or a function of `FUNCTIONS`, under its canonical name."""

    function: str
    args: tuple[Formula, ...]
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`; a chained comparison is a `Logic` of these."""

    op: Literal["<", "<=", ">", ">=", "==", "!="]
    left: Formula
    right: Formula
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Logic:
    """`and`, `or`, `not`, or a literal `true` / `false` (no arguments)."""

    op: Literal["and", "or", "not", "true", "false"]
    args: tuple[Condition, ...] = ()
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Piece:
    """One `(value, condition)` of a `Branches`."""

    value: Formula
    condition: Condition
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Branches:
    """A piecewise value; the first piece whose condition holds wins, and the last one's is `true`."""

    pieces: tuple[Piece, ...]
    span: Span | None = field(default=None, compare=False)


Condition: TypeAlias = Compare | Logic
Formula: TypeAlias = Number | Constant | Name | Call | Branches
Node: TypeAlias = Formula | Condition

OPERATORS: dict[str, int] = {"add": 2, "sub": 2, "mul": 2, "div": 2, "pow": 2, "neg": 1}
"""Operator name to number of operands."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function that an expression may call: how many arguments it takes, and its other spellings."""

    name: str
    min_args: int = 1
    max_args: int | None = 1
    aliases: tuple[str, ...] = ()


_UNARY = (
    "exp log1p expm1 log2 sqrt cbrt sign sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh "
    "sinc erf erfc gamma digamma sigmoid softplus logsigmoid relu"
)
FUNCTIONS: dict[str, Function] = {
    f.name: f
    for f in (
        *(Function(name) for name in _UNARY.split()),
        Function("log", aliases=("ln",)),
        Function("loggamma", aliases=("lgamma",)),
        Function("Abs", aliases=("abs",)),
        Function("Max", 2, None, ("max",)),
        Function("Min", 2, None, ("min",)),
        Function("clip", 3, 3),
        Function("atan2", 2, 2),
        Function("logaddexp", 2, 2),
    )
}
"""Canonical name to function. `Eq`, `Ne`, `And`, `Or`, `Not` and `Piecewise` become nodes of their own."""


def children(node: Node) -> tuple[Node, ...]:
    """The direct parts of a node, left to right."""
    match node:
        case Call(args=args) | Logic(args=args):
            return args
        case Compare(left=left, right=right):
            return (left, right)
        case Branches(pieces=pieces):
            return tuple(part for piece in pieces for part in (piece.value, piece.condition))
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, depth first, parents before children."""
    stack: list[Node] = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(children(current)))


def names(node: Node) -> frozenset[str]:
    """Every declared name that the node mentions."""
    return frozenset(part.name for part in walk(node) if isinstance(part, Name))


def substitute(formula: Formula, bindings: Mapping[str, Formula]) -> Formula:
    """The formula with every bound name replaced by its tree (shared, not copied)."""
    result = _substitute(formula, bindings)
    assert not isinstance(result, (Compare, Logic))
    return result


def _substitute(node: Node, bindings: Mapping[str, Formula]) -> Node:
    match node:
        case Name(name=name):
            return bindings.get(name, node)
        case Call() | Logic():
            return replace(node, args=tuple(_substitute(arg, bindings) for arg in node.args))
        case Compare():
            return replace(node, left=_substitute(node.left, bindings), right=_substitute(node.right, bindings))
        case Branches():
            pieces = (
                replace(p, value=_substitute(p.value, bindings), condition=_substitute(p.condition, bindings))
                for p in node.pieces
            )
            return replace(node, pieces=tuple(pieces))
        case _:
            return node
