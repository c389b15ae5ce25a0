"""Linearises a Program into lines of Python that a person can read, in a framework's spelling.

A dialect says how each op is spelled; this module decides what gets a name of its own, and which.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from actgen.backends.base import MissingOpsError
from actgen.program.ops import OPS
from actgen.program.program import Node, topological

_WIDTH = 92
_ATOM = 100
_INFIX: dict[str, tuple[str, int]] = {
    "lt": ("{0} < {1}", 5),
    "le": ("{0} <= {1}", 5),
    "eq": ("{0} == {1}", 5),
    "ne": ("{0} != {1}", 5),
    "or": ("{0} | {1}", 6),
    "and": ("{0} & {1}", 7),
    "add": ("{0} + {1}", 10),
    "sub": ("{0} - {1}", 10),
    "mul": ("{0} * {1}", 20),
    "div": ("{0} / {1}", 20),
    "neg": ("-{0}", 25),
    "not": ("~{0}", 25),
    "powi": ("{0}**{1}", 30),
}
_STEMS = {
    "exp": "e",
    "expm1": "em1",
    "log": "log",
    "log1p": "log1p",
    "sigmoid": "s",
    "softplus": "sp",
    "tanh": "th",
    "cosh": "ch",
    "sin": "sin",
    "cos": "cos",
    "erf": "erf",
    "erfc": "erfc",
    "sqrt": "root",
    "lt": "below",
    "le": "upto",
    "eq": "at",
    "ne": "off",
    "and": "both",
    "or": "either",
    "not": "outside",
    "isnan": "bad",
    "isinf": "end",
    "powi": "p",
    "div": "q",
    "where": "v",
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a target spells the ops.

    `calls` maps op names to format strings (`"torch.exp({0})"`); ops in it win over Python's infix operators.
    `literal` prints a float constant; `missing` lists ops that the target lacks.
    """

    name: str
    calls: Mapping[str, str]
    literal: Callable[[float], str]
    missing: frozenset[str] = frozenset()


def python_literal(value: float) -> str:
    """A float as Python source that reads back to the same bits; integers keep a short form."""
    if math.isnan(value):
        return "math.nan"
    if math.isinf(value):
        return "math.inf" if value > 0 else "-math.inf"
    if value == int(value) and abs(value) < 1e6:
        return str(int(value)) if value or math.copysign(1, value) > 0 else "-0.0"
    return repr(value)


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment."""

    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.name} = {self.text}"


@dataclass(frozen=True, slots=True)
class Listing:
    """Assignments in order, then one expression per root."""

    lines: tuple[Line, ...]
    results: tuple[str, ...]


def listing(
    roots: Sequence[Node],
    dialect: Dialect,
    code_names: Mapping[str, str],
    hints: Mapping[Node, str],
    reserved: frozenset[str] = frozenset(),
) -> Listing:
    """The roots as named lines and final expressions.

    Args:
        roots: what to compute.
        dialect: the target's spelling.
        code_names: declared name to the identifier of the argument.
        hints: names that some nodes would like to have.
        reserved: identifiers that no intermediate may take (modules and helpers of the emitted file).

    Raises:
        MissingOpsError: if the dialect lacks an op in use.
    """
    used = {n.op for n in topological(roots)}
    unspelled = {op for op in used if op not in dialect.calls and op not in _INFIX} - {"arg", "const"}
    if lacking := (used & dialect.missing) | unspelled:
        raise MissingOpsError(dialect.name, frozenset(lacking))
    return _Lister(dialect, code_names, hints, reserved, _uses(roots)).run(roots)


def _uses(roots: Sequence[Node]) -> Counter[Node]:
    uses: Counter[Node] = Counter()
    for current in topological(roots):
        uses.update(current.args)
    return uses


@dataclass(slots=True)
class _Lister:
    dialect: Dialect
    code_names: Mapping[str, str]
    hints: Mapping[Node, str]
    reserved: frozenset[str]
    uses: Counter[Node]
    lines: list[Line] = field(default_factory=list)
    text: dict[Node, tuple[str, int]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def run(self, roots: Sequence[Node]) -> Listing:
        self.taken = {*self.code_names.values(), *self.reserved}
        for current in topological(roots):
            self.text[current] = self._place(current)
        return Listing(tuple(self.lines), tuple(self.text[root][0] for root in roots))

    def _place(self, current: Node) -> tuple[str, int]:
        if current.op == "arg":
            assert isinstance(current.payload, str)
            return self.code_names[current.payload], _ATOM
        if current.op == "const":
            text = self.dialect.literal(current.value)
            return text, 25 if text.startswith("-") else _ATOM
        text, precedence = self._spell(current)
        if self.uses[current] < 2 and current not in self.hints and len(text) <= _WIDTH:
            return text, precedence
        if current.op == "neg" and len(text) < 12 and current not in self.hints:
            return text, precedence
        return self._name(current, text), _ATOM

    def _spell(self, current: Node) -> tuple[str, int]:
        parts = [self.text[a] for a in current.args]
        if current.op in self.dialect.calls:
            return self.dialect.calls[current.op].format(*(t for t, _ in parts)), _ATOM
        pattern, precedence = _INFIX[current.op]
        left_tight = OPS[current.op].kind.value == "bool" or current.op == "powi"
        texts = [
            f"({t})" if p < precedence or (p == precedence and (index > 0 or left_tight)) else t
            for index, (t, p) in enumerate(parts)
        ]
        return pattern.format(*texts), precedence

    def _name(self, current: Node, text: str) -> str:
        stem = self.hints.get(current) or _STEMS.get(current.op, "t")
        name, number = stem, 1
        while name in self.taken:
            number += 1
            name = f"{stem}{number}" if not stem[-1].isdigit() else f"{stem}_{number}"
        self.taken.add(name)
        self.lines.append(Line(name, text))
        return name
