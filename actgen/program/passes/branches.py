"""For targets that evaluate only the branch taken: a choice is no choice any more inside of a branch that settles it.

So the guards go, which give a piece a safe argument where another piece is taken.
"""

from __future__ import annotations

from collections.abc import Mapping

from actgen.program.build import where
from actgen.program.program import Node, Program, topological

Facts = Mapping[Node, bool]


def without_settled_choices(program: Program) -> Program:
    """The same values at every point, by other nodes."""
    roots = program.roots()
    settle = _Settling(_choices(roots))
    new = {root: settle(root, {}) for root in roots}
    return program.with_roots(new, {**program.hints, **settle.hints(program.hints)})


def _choices(roots: tuple[Node, ...]) -> dict[Node, frozenset[Node]]:
    """For each node the conditions by which anything below it, or itself, is chosen, with their parts."""
    found: dict[Node, frozenset[Node]] = {}
    for current in topological(roots):
        own = (current,) if current.is_bool else ()
        found[current] = frozenset(own).union(*(found[a] for a in current.args))
    return found


class _Settling:
    def __init__(self, choices: Mapping[Node, frozenset[Node]]) -> None:
        self._choices = choices
        self._memo: dict[tuple[Node, frozenset[tuple[Node, bool]]], Node] = {}

    def __call__(self, current: Node, facts: Facts) -> Node:
        """The node where the facts hold; only those that it asks about matter."""
        if not current.args:
            return current
        relevant = {c: v for c, v in facts.items() if c in self._choices[current]}
        key = (current, frozenset(relevant.items()))
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = self._settled(current, relevant)
        return found

    def hints(self, hints: Mapping[Node, str]) -> dict[Node, str]:
        """The names of old nodes for those that took their place."""
        named: dict[Node, str] = {}
        for (old, _), new in self._memo.items():
            if old in hints and new.args:
                named.setdefault(new, hints[old])
        return named

    def _settled(self, current: Node, facts: Facts) -> Node:
        if current.op != "where":
            return current.with_operands(tuple(self(a, facts) for a in current.args))
        condition, one, other = current.args
        known = _known(condition, facts)
        if known is not None:
            return self(one if known else other, facts)
        return where(
            self(condition, facts),
            self(one, {**facts, **_implied(condition, holds=True)}),
            self(other, {**facts, **_implied(condition, holds=False)}),
        )


def _known(condition: Node, facts: Facts) -> bool | None:
    """Whether a condition holds, as far as the facts say."""
    if condition in facts:
        return facts[condition]
    if condition.op == "not":
        inner = _known(condition.args[0], facts)
        return None if inner is None else not inner
    if condition.op in ("and", "or"):
        parts = [_known(part, facts) for part in condition.args]
        deciding = condition.op == "or"
        if deciding in parts:
            return deciding
        return None if None in parts else not deciding
    return None


def _implied(condition: Node, holds: bool) -> dict[Node, bool]:
    """What is known where a condition holds, or where it does not."""
    facts = {condition: holds}
    if condition.op == "not":
        facts |= _implied(condition.args[0], not holds)
    elif condition.op == ("and" if holds else "or"):
        for part in condition.args:
            facts |= _implied(part, holds)
    return facts
