"""What a build can be asked for: frameworks and what is made of their files, and documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actgen.backends.base import target_names as backend_targets
from actgen.docs.documents import document_names


@dataclass(frozen=True, slots=True)
class Targets:
    """What was asked for. `backends` is None for every framework: so too where only documents were named."""

    backends: tuple[str, ...] | None
    documents: tuple[str, ...]


def target_names() -> tuple[str, ...]:
    """Everything that a build can be asked for."""
    return (*backend_targets(), *document_names())


def sorted_out(names: Sequence[str] | None) -> Targets:
    """The names by what they are, each document once; a name that is neither is left to the backends."""
    documents = tuple(dict.fromkeys(name for name in names or () if name in document_names()))
    backends = tuple(name for name in names or () if name not in documents)
    return Targets(backends or None, documents)
