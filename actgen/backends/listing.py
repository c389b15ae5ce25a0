"""Linearises a Program into lines of source that a person can read, in a target's spelling.

A dialect says how each op is spelled; this module decides what gets a name of its own (`naming.py` which), and keeps
every line short enough that `ruff format` leaves it alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from actgen.backends.base import MissingOpsError
from actgen.backends.dialect import ATOM, DIVISION, NEGATION, Dialect, constant_text
from actgen.backends.naming import side, stem
from actgen.program.program import Node, topological

_WIDTH = 80  # of an expression; with its indent and name a line stays within 100
_COMPARISONS = frozenset({"lt", "le", "eq", "ne"})
_BRACKETED = {**dict.fromkeys(_COMPARISONS, (0, 1)), "where": (0, 1)}
"""Which operands are bracketed that bind alike; of other ops it is the second. Choices group from the right."""


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
    unspelled = {op for op in used if op not in dialect.calls and op not in dialect.infix} - {"arg", "const"}
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
            return self.code_names[current.payload], ATOM
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
        literal = self.dialect.literal
        text = constant_text(current, literal) if self.dialect.ratios else literal(current.value)
        precedence = DIVISION if "/" in text else NEGATION if text.startswith("-") else ATOM
        return text, precedence

    def _spell(self, current: Node) -> tuple[str, int]:
        parts = [self._operand(current, a) for a in current.args]
        bare = [t for t, _ in parts]
        if self.dialect.special and (found := self.dialect.special(current, bare)) is not None:
            return found, ATOM
        if current.op == "poly":
            bare = [bare[0], self.tables[current.args[1:]]]
        if current.op in self.dialect.calls:
            return self.dialect.calls[current.op].format(*bare), ATOM
        if current.op == "powi":
            return self._power(current)
        if current.op == "neg":  # -(x**2): the formatter's parentheses
            return (f"-{parts[0][0]}" if parts[0][1] == ATOM else f"-({parts[0][0]})"), NEGATION
        pattern, precedence = self.dialect.infix[current.op]
        bracketed = _BRACKETED.get(current.op, (1,))
        texts = [
            f"({t})" if p < precedence or (p == precedence and index in bracketed) else t
            for index, (t, p) in enumerate(parts)
        ]
        if current.op in _COMPARISONS and current.args[0].op == "const":  # x > 0 for 0 < x
            return pattern.replace("<", ">").format(*reversed(texts)), precedence
        return pattern.format(*texts), precedence

    def _operand(self, user: Node, operand: Node) -> tuple[str, int]:
        text, precedence = self.text[operand]
        converted = self.dialect.converted(user, operand, text) if self.dialect.converted else text
        return (text, precedence) if converted == text else (converted, ATOM)

    def _power(self, current: Node) -> tuple[str, int]:
        """A power with the blanks that formatters want: `ruff format` none around a name's."""
        pattern, precedence = self.dialect.infix["powi"]
        base, binding = self.text[current.args[0]]
        base, exponent = base if binding == ATOM else f"({base})", int(current.args[1].value)
        return (pattern.format(base, exponent) if base.isidentifier() else f"{base} ** {exponent}"), precedence

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
        self.text[current] = (name, ATOM)

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
