"""Reads many specs together, so that two that claim one name are found out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from actgen.diagnostics import Diagnostic


def read_all(specs: Sequence[Path]) -> list[tuple[Diagnostic, ...]]:
    """The findings of reading each spec, those about names that others claim too included."""
    from actgen.spec.reader import check_unique, read_path

    read = [read_path(spec) for spec in specs]
    clashes = check_unique([activation for activation, _ in read if activation is not None])
    return [
        (*diagnostics, *(d for d in clashes if _is_about(d, spec)))
        for spec, (_, diagnostics) in zip(specs, read, strict=True)
    ]


def _is_about(diagnostic: Diagnostic, spec: Path) -> bool:
    return diagnostic.span is not None and Path(diagnostic.span.path) == spec
