"""What walking Python's tree of an expression needs everywhere: names in scope, depth, findings."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass

from actgen.spec.findings import Findings
from actgen.spec.limits import MAX_DEPTH
from actgen.spec.placeholders import Placeholders


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that an expression may use.

    Attributes:
        names: declared names that are visible here.
        hidden: declared names that are not, with the reason (a `let` entry further down).
        constant: whether this is a constant expression, which has no names.
        unread: names of `let` entries that could not be read, so that nothing is known of them.
        outputs: names of outputs, which no expression can use.
    """

    names: Set[str] = frozenset()
    hidden: Set[str] = frozenset()
    constant: bool = False
    unread: Set[str] = frozenset()
    outputs: Set[str] = frozenset()

    @property
    def declared(self) -> frozenset[str]:
        """Every declared name, visible or not."""
        return frozenset(self.names | self.hidden)


class TooDeepError(Exception):
    """The tree is deeper than any formula may be."""


class Walker:
    """A walk over one expression. A part that is at fault gives None, and its neighbours are still walked.

    Attributes:
        written: the expression's tokens as Python was shown them.
        scope: the names that it may use.
        findings: where faults go.
    """

    def __init__(self, written: Placeholders, scope: Scope, findings: Findings) -> None:
        self.written = written
        self.scope = scope
        self.findings = findings
        self._depth = 0

    @contextmanager
    def nested(self) -> Iterator[None]:
        """One level deeper.

        Raises:
            TooDeepError: past the limit.
        """
        if self._depth == MAX_DEPTH:
            raise TooDeepError
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    def error(self, code: str, message: str, node: ast.expr, help: str | None = None) -> None:
        """A finding at a node."""
        self.findings.error(code, message, self.written.span(node), help)

    def condition_as_number(self, node: ast.expr) -> None:
        """The finding for a condition that stands where a number belongs."""
        help = "a condition chooses between values: `Piecewise((a, condition), (b, True))`"
        self.error("ACT323", "this is a condition, and a number belongs here", node, help)
