"""Linearises a Program into lines of Python that a person can read, in a framework's spelling.

A dialect says how each op is spelled; this module decides what gets a name of its own (`naming.py` which), and keeps
every line short enough that `ruff format` leaves it alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import sympy as sp

from actgen.backends.base import MissingOpsError
from actgen.backends.naming import side, stem
from actgen.program.program import Node, topological

_WIDTH = 80  # of an expression; with its indent and name a line stays within 100
_ATOM = 100
_POWER = 30
_NEGATION = 25
_DIVISION = 20
_INFIX: dict[str, tuple[str, int]] = {
    "lt": ("{0} < {1}", 5),
    "le": ("{0} <= {1}", 5),
    "eq": ("{0} == {1}", 5),
    "ne": ("{0} != {1}", 5),
    "or": ("{0} | {1}", 6),
    "and": ("{0} & {1}", 7),
    "add": ("{0} + {1}", 10),
    "sub": ("{0} - {1}", 10),
    "mul": ("{0} * {1}", _DIVISION),
    "div": ("{0} / {1}", _DIVISION),
    "neg": ("-{0}", _NEGATION),
    "not": ("~{0}", _NEGATION),
    "powi": ("{0}**{1}", _POWER),
}
_FLIPPED = {"lt": "{1} > {0}", "le": "{1} >= {0}", "eq": "{1} == {0}", "ne": "{1} != {0}"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a target spells the ops.

    `calls` maps op names to format strings (`"torch.exp({0})"`); ops in it win over Python's infix operators.
    `literal` prints a float constant; `missing` lists ops that the target lacks. `special`, where given, is asked
    first: it may print a node whose spelling depends on its operands, given their texts, or return None. `converted`,
    where given, says how a user (the first node) writes an operand (the second) of this text; `within`, which nodes
    have no name of their own, however long a line is. `flushes` says that subnormal numbers become 0 on the target's
    CPU.
    """

    name: str
    calls: Mapping[str, str]
    literal: Callable[[float], str]
    missing: frozenset[str] = frozenset()
    special: Callable[[Node, Sequence[str]], str | None] | None = None
    converted: Callable[[Node, Node, str], str] | None = None
    within: Callable[[Node], bool] = lambda _: False
    flushes: bool = False


def python_literal(value: float) -> str:
    """A float as Python source that reads back to the same bits; integers keep a short form."""
    if math.isnan(value):
        return "math.nan"
    if math.isinf(value):
        return "math.inf" if value > 0 else "-math.inf"
    if value == int(value) and abs(value) < 1e6:
        return str(int(value)) if value or math.copysign(1, value) > 0 else "-0.0"
    return repr(value).replace("e+", "e")  # as `ruff format` writes exponents


def constant_text(current: Node) -> str:
    """A constant as Python source, a long one as a quotient of integers where that is short and the same float."""
    text = python_literal(current.value)
    return _ratio(current) or text if len(text) > 9 else text


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
    tables: Mapping[tuple[Node, ...], str] | None = None,
    results: Sequence[str] = (),
) -> Listing:
    """The roots as named lines and final expressions.

    Args:
        roots: what to compute.
        dialect: the target's spelling.
        code_names: declared name to the identifier of the argument.
        hints: names that some nodes would like to have.
        reserved: identifiers that no intermediate may take (modules and helpers of the emitted file).
        tables: what the coefficients of each polynomial are called.
        results: what each root is called; parts of it that need a name are named after it.

    Raises:
        MissingOpsError: if the dialect lacks an op in use.
    """
    used = {n.op for n in topological(roots)}
    unspelled = {op for op in used if op not in dialect.calls and op not in _INFIX} - {"arg", "const"}
    if lacking := (used & dialect.missing) | unspelled:
        raise MissingOpsError(dialect.name, frozenset(lacking))
    lister = _Lister(dialect, code_names, hints, reserved, tables or {}, _uses(roots))
    for root, name in zip(roots, results, strict=False):
        lister.call(root, name)
    return lister.run(roots)


def _uses(roots: Sequence[Node]) -> Counter[Node]:
    """How often each node is an operand or a root."""
    uses: Counter[Node] = Counter(roots)
    for current in topological(roots):
        uses.update(current.args)
    return uses


@dataclass(slots=True)
class _Lister:
    dialect: Dialect
    code_names: Mapping[str, str]
    hints: Mapping[Node, str]
    reserved: frozenset[str]
    tables: Mapping[tuple[Node, ...], str]
    uses: Counter[Node]
    lines: list[Line] = field(default_factory=list)
    text: dict[Node, tuple[str, int]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    named: set[Node] = field(default_factory=set)
    roles: dict[Node, str] = field(default_factory=dict)
    refined: dict[Node, Node] = field(default_factory=dict)

    def call(self, root: Node, name: str) -> None:
        """Names the parts of a choice after the whole: `dx_pos` and `dx_neg`.

        One value with a correction where a condition holds is the same name again: first `dx`, then `dx` corrected.
        """
        self.roles.setdefault(root, name)
        if root.op != "where":
            return
        condition, *arms = root.args
        varying = [a for a in arms if a.op != "const"]
        for arm in varying:
            suffix = side(condition, holds=arm is arms[0])
            if self.uses[arm] > 1 or (len(varying) > 1 and suffix is None):
                continue
            if len(varying) == 1:
                self.refined[arm] = root
            self.call(arm, name if len(varying) == 1 else f"{name}_{suffix}")

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
            return self._constant(current)
        text, precedence = self._spell(current)
        while len(text) > _WIDTH and (longest := self._longest_operand(current)) is not None:
            self._name(longest, self.text[longest][0])
            text, precedence = self._spell(current)
        if self.dialect.within(current):
            return text, precedence
        if current in self.hints or (self.uses[current] > 1 and not _trivial(current)):
            self._name(current, text)
            return self.text[current]
        return text, precedence

    def _constant(self, current: Node) -> tuple[str, int]:
        in_python = self.dialect.literal is python_literal
        text = constant_text(current) if in_python else self.dialect.literal(current.value)
        precedence = _DIVISION if "/" in text else _NEGATION if text.startswith("-") else _ATOM
        return text, precedence

    def _spell(self, current: Node) -> tuple[str, int]:
        parts = [self._operand(current, a) for a in current.args]
        bare = [t for t, _ in parts]
        if self.dialect.special and (found := self.dialect.special(current, bare)) is not None:
            return found, _ATOM
        if current.op == "poly":
            bare = [bare[0], self.tables[current.args[1:]]]
        if current.op in self.dialect.calls:
            return self.dialect.calls[current.op].format(*bare), _ATOM
        if current.op == "powi":
            return self._power(current)
        if current.op == "neg":  # -(x**2): the formatter's parentheses
            return (f"-{parts[0][0]}" if parts[0][1] == _ATOM else f"-({parts[0][0]})"), _NEGATION
        pattern, precedence = _INFIX[current.op]
        if current.op in _FLIPPED and current.args[0].op == "const":
            pattern = _FLIPPED[current.op]
        texts = [
            f"({t})" if p < precedence or (p == precedence and (index > 0 or current.op in _FLIPPED)) else t
            for index, (t, p) in enumerate(parts)
        ]
        return pattern.format(*texts), precedence

    def _operand(self, user: Node, operand: Node) -> tuple[str, int]:
        text, precedence = self.text[operand]
        converted = self.dialect.converted(user, operand, text) if self.dialect.converted else text
        return (text, precedence) if converted == text else (converted, _ATOM)

    def _power(self, current: Node) -> tuple[str, int]:
        """A power with the blanks that `ruff format` wants: none around a name's."""
        base, precedence = self.text[current.args[0]]
        base, exponent = base if precedence == _ATOM else f"({base})", int(current.args[1].value)
        return (f"{base}**{exponent}" if base.isidentifier() else f"{base} ** {exponent}"), _POWER

    def _longest_operand(self, current: Node) -> Node | None:
        """The operand whose naming would shorten the line most, if any would."""
        free = [a for a in current.args if a.args and a not in self.named and not self.dialect.within(a)]
        compound = [a for a in free if len(self.text[a][0]) > 6]
        return max(compound, key=lambda a: len(self.text[a][0]), default=None)

    def _name(self, current: Node, text: str) -> None:
        name = self._again(current) or self._free(self._wish(current))
        self.taken.add(name)
        self.named.add(current)
        self.lines.append(Line(name, text))
        self.text[current] = (name, _ATOM)

    def _wish(self, current: Node) -> str:
        if current in self.hints:
            return self.hints[current]
        if current in self.roles and self.uses[current] == 1:
            return self.roles[current]
        return stem(current, self.text)

    def _free(self, wish: str) -> str:
        name, number = wish, 1
        while name in self.taken:
            number += 1
            name = f"{wish}_{number}" if wish[-1].isdigit() else f"{wish}{number}"
        return name

    def _again(self, current: Node) -> str | None:
        """The name of the value that this one corrects, if they are to be called the same."""
        inner = next((a for a in current.args if self.refined.get(a) is current), None)
        while inner is not None and inner not in self.named:
            inner = next((a for a in inner.args if self.refined.get(a) is inner), None)
        name = self.text[inner][0] if inner is not None else None
        return name if name == self._wish(current) else None


def _trivial(current: Node) -> bool:
    """Whether a node reads better repeated than named: the negative of an argument."""
    return current.op == "neg" and current.args[0].op == "arg"


def _ratio(current: Node) -> str | None:
    """A long constant as `p / q`, where that is short and rounds to the same float."""
    if not isinstance(current.exact, sp.Rational):
        return None
    exact = Fraction(int(current.exact.p), int(current.exact.q))
    text = f"{exact.numerator} / {exact.denominator}"
    short = len(text) < 12 and exact.denominator > 1
    return text if short and exact.numerator / exact.denominator == current.value else None
