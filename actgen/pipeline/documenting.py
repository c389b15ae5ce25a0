"""Documents as part of a build: whether they can be made, their sources, and what programs make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from actgen.diagnostics import Diagnostic
from actgen.docs.documents import DocumentError, document

if TYPE_CHECKING:
    from actgen.docs.documents import Described


@dataclass(frozen=True, slots=True)
class Documents:
    """File name to text of the sources; file name to bytes of what was made (None: not made now); findings."""

    sources: Mapping[str, str] = field(default_factory=dict)
    made: Mapping[str, bytes | None] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def obstacles(names: Sequence[str], spec: Path) -> tuple[Diagnostic, ...]:
    """A finding for each program that these documents need and that is not installed."""
    lacking = ((name, document(name).lacks()) for name in names)
    return tuple(
        Diagnostic("ACT841", f"there is no {found.program}, which --target {name} needs ({spec.name})", help=found.help)
        for name, found in lacking
        if found is not None
    )


def documented(names: Sequence[str], described: Described, *, make: bool) -> Documents:
    """The documents about one activation.

    Args:
        names: of the documents.
        described: what they are about.
        make: run the programs; else only the sources are made.
    """
    sources: dict[str, str] = {}
    made: dict[str, bytes | None] = {}
    found: list[Diagnostic] = []
    name = described.unit.activation.name
    for kind in names:
        texts = document(kind).sources(described)
        sources.update(texts)
        made.update(dict.fromkeys(document(kind).outputs(name)))
        try:
            made.update(document(kind).made(described, texts) if make else {})
        except DocumentError as error:
            found.append(Diagnostic("ACT842", f"{name}.{kind} could not be made: {error}", help=_HELP))
    return Documents(sources, made, tuple(found))


_HELP = "where a file is missing, install the package that has it; otherwise report it with the spec"
