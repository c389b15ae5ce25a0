"""Documents that a build makes where they are asked for, and the registry that finds one without importing the others.

A document is a target that is no framework. Its sources are text, the same on every machine; what a program makes of
them is that program's, so that its bytes are a machine's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # the command line asks for the documents' names, and must not load SymPy for that
    from actgen.analysis.report import Analysis
    from actgen.backends.base import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a document is about.

    Attributes:
        unit: the activation.
        targets: the frameworks whose files lie beside the document.
        verified: whether those files are.
        certificate: the text of the kernel's certificate, if there is a kernel.
        analysis: what is proved of the activation; made if it is not given.
    """

    unit: Unit
    targets: Sequence[str]
    verified: bool
    certificate: str | None = None
    analysis: Analysis | None = None


class Document(Protocol):
    """Makes one document about one activation."""

    def lacks(self) -> Lacking | None:
        """The program that makes the document, where it is not installed."""
        ...

    def sources(self, described: Described) -> Mapping[str, str]:
        """File name (inside the activation's folder) to its whole text, header included."""
        ...

    def outputs(self, name: str) -> tuple[str, ...]:
        """The names of the files that `made` gives, for an activation of this name."""
        ...

    def made(self, described: Described, sources: Mapping[str, str]) -> Mapping[str, bytes]:
        """Each of the `outputs`, with its bytes.

        Raises:
            DocumentError: if the program fails.
        """
        ...


@dataclass(frozen=True, slots=True)
class Lacking:
    """A program that is not installed, and how to install it."""

    program: str
    help: str


class DocumentError(Exception):
    """A document could not be made; the text says what the program printed about it."""


_DOCUMENTS = {"pdf": "actgen.docs.pdf_document"}


def document_names() -> tuple[str, ...]:
    """Every document that a build can be asked for."""
    return tuple(_DOCUMENTS)


def document(name: str) -> Document:
    """The document of this name; its module is imported only now.

    Raises:
        KeyError: if there is none.
    """
    found: Document = import_module(_DOCUMENTS[name]).DOCUMENT
    return found
