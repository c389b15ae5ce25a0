"""Findings about a spec: values with a place, a message and a way out, never exceptions.

`Span` and `Diagnostic` are what every stage reports with; how they are printed is `rendering.py`'s affair.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a file. Lines and columns count from 1; the end column is exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Severity(Enum):
    """How grave a finding is; only errors stop a build.

    A note says what was measured and is as good as it can be: nobody need act on it.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: a stable code (`ACT101`), a message, where, and what would help."""

    code: str
    message: str
    span: Span | None = None
    help: str | None = None
    severity: Severity = Severity.ERROR


class SpecError(Exception):
    """Raised by the Python API (`actgen.load`, `actgen.build`) for a spec that has errors.

    Attributes:
        diagnostics: every finding of the run, in file order.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(f"{d.code}: {d.message}" for d in self.diagnostics))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any finding is an error, warnings and notes aside."""
    return any(d.severity is Severity.ERROR for d in diagnostics)
