"""A field of the form: a scalar of the spec, with its place in the text."""

from __future__ import annotations

from dataclasses import dataclass

from actgen.diagnostics import Span
from actgen.spec.tree import Path, Scalar, Tree


@dataclass(frozen=True, slots=True)
class Field:
    """What a form shows.

    Attributes:
        path: where it is in the spec.
        label: what it is called.
        kind: "text", "formula" or "number".
        text: what it says, in one line.
        span: where it is written.
    """

    path: Path
    label: str
    kind: str
    text: str
    span: Span

    def facts(self) -> dict[str, object]:
        """As JSON; lines count from 1."""
        return {
            "path": list(self.path),
            "label": self.label,
            "kind": self.kind,
            "text": self.text,
            "line": self.span.line,
            "end_line": self.span.end_line,
        }


def field(path: Path, label: str, kind: str, tree: Tree) -> Field | None:
    """The field at a path; None where there is no scalar."""
    return Field(path, label, kind, " ".join(tree.text.split()), tree.span) if isinstance(tree, Scalar) else None
