"""The parts of a spec that are text: never code, and held to what their places can show."""

from __future__ import annotations

import re

from actgen.activation import Reference
from actgen.latex_symbol import safe_latex
from actgen.spec.findings import Findings, quoted
from actgen.spec.schema import ReferenceModel
from actgen.spec.tree import Keyed, Scalar, Tree

_YEAR = re.compile(r"[0-9]{4}")
_URL = re.compile(r"https?://[A-Za-z0-9.\-]+(?::[0-9]+)?(?:[/?#][^\s<>\"`{}|\\^]*)?")
_BIBTEX = re.compile(r"@[A-Za-z]+\s*\{.*\}", re.DOTALL)


def text(scalar: Scalar | None, findings: Findings) -> str | None:
    """Text of one or more paragraphs, without blanks at its ends."""
    if scalar is None:
        return None
    stripped = scalar.text.strip()
    if not stripped:
        findings.error("ACT104", "the text is empty", scalar.span, "add it, or remove the key")
    return stripped


def line(scalar: Scalar | None, findings: Findings) -> str | None:
    """Text of one line."""
    stripped = text(scalar, findings)
    if scalar is not None and stripped is not None and "\n" in stripped:
        findings.error("ACT111", "this text has one line", scalar.span, "join the lines; `>-` folds them")
    return stripped


def latex(scalar: Scalar | None, findings: Findings) -> str | None:
    r"""A symbol in LaTeX, such as `\alpha`: one line, braces balanced, no dollar signs."""
    symbol = line(scalar, findings)
    if scalar is None or symbol is None or "\n" in symbol:
        return symbol
    if not _balanced(symbol):
        findings.error("ACT111", "the braces of this LaTeX do not match", scalar.span)
    elif bad := re.search(r"(?<!\\)[$%#]", symbol):
        message = f"{quoted(bad.group())} cannot stand in a symbol"
        findings.error("ACT111", message, scalar.part(*bad.span()), "write only the symbol, in mathematics mode")
    elif safe_latex(symbol) is None and "\ufffd" not in symbol:
        message = "this LaTeX is no symbol that every page can show; they show the name"
        help = "a symbol is letters, digits and Greek, with accents, fonts, primes, sub- and superscripts"
        findings.warning("ACT413", message, scalar.span, help)
    return symbol


def tags(entry: Scalar | list[Scalar] | None, findings: Findings) -> tuple[str, ...]:
    """Words to find an activation by: a list, or one text with commas."""
    if isinstance(entry, list):
        return tuple(line(tag, findings) or "" for tag in entry)
    words = (line(entry, findings) or "").split(",")
    return tuple(word.strip() for word in words if word.strip())


def _balanced(symbol: str) -> bool:
    depth = 0
    for mark in re.findall(r"\\.|[{}]", symbol):
        depth += {"{": 1, "}": -1}.get(mark, 0)
        if depth < 0:
            return False
    return depth == 0


def reference(entry: Scalar | ReferenceModel, place: Tree, findings: Findings) -> Reference:
    """A source, as text or in parts.

    Args:
        entry: the text, or the mapping.
        place: the same in the tree.
        findings: where faults go.
    """
    if isinstance(entry, Scalar):
        return Reference(text=text(entry, findings))
    if isinstance(place, Keyed) and not place.entries and not place.faulty:
        findings.error("ACT110", "the reference says nothing", place.span, "write a text, or `{title: …, authors: …}`")
    authors = entry.authors
    names = [line(author, findings) or "" for author in authors] if isinstance(authors, list) else None
    return Reference(
        title=line(entry.title, findings),
        authors=", ".join(names)
        if names is not None
        else line(authors if isinstance(authors, Scalar) else None, findings),
        year=_year(entry.year, findings),
        url=_url(entry.url, findings),
        bibtex=_bibtex(entry.bibtex, findings),
    )


def _year(scalar: Scalar | None, findings: Findings) -> str | None:
    if scalar is not None and not _YEAR.fullmatch(scalar.text):
        findings.error("ACT111", f"{quoted(scalar.text)} is not a year", scalar.span, "write four digits")
    return scalar.text if scalar is not None else None


def _url(scalar: Scalar | None, findings: Findings) -> str | None:
    if scalar is not None and not _URL.fullmatch(scalar.text):
        message = f"{quoted(scalar.text)} is not an address that a page can link to"
        help = "it begins with https:// or http:// and a host in ASCII, and holds no blanks, quotes or brackets"
        findings.error("ACT111", message, scalar.span, help)
    return scalar.text if scalar is not None else None


def _bibtex(scalar: Scalar | None, findings: Findings) -> str | None:
    entry = text(scalar, findings)
    if scalar is not None and entry and not (_BIBTEX.fullmatch(entry) and _balanced(entry)):
        help = "write it whole, `@article{key, …}`, below `bibtex: |`"
        findings.error("ACT111", "this is not a BibTeX entry", scalar.span, help)
    return entry
