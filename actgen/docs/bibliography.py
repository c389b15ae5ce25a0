"""References as Markdown and as LaTeX. Their text is untrusted: it is escaped, and only http and https become links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from actgen.activation import Activation, Reference
from actgen.docs.latex_text import tex_line
from actgen.docs.text import markdown_line

_URL_CHARACTERS = "%/:=&?~#+!$,;'@*"


def safe_url(url: str) -> str | None:
    """The address, percent-encoded so that it cannot end a link, or None if it is not plain http or https."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
    except ValueError:
        return None
    if (
        parts.scheme not in ("http", "https")
        or "@" in parts.netloc
        or not host
        or not re.fullmatch(r"[A-Za-z0-9.\-]+", host)
    ):
        return None
    return quote(url.strip(), safe=_URL_CHARACTERS)


def markdown_references(references: Sequence[Reference]) -> tuple[str, ...]:
    """One Markdown line per reference: authors, year, linked title."""
    return tuple(_markdown(reference) for reference in references)


def _markdown(reference: Reference) -> str:
    if reference.text is not None:
        return markdown_line(reference.text)
    url = safe_url(reference.url) if reference.url else None
    title = markdown_line(reference.title or reference.url or "Untitled")
    linked = f"[{title}]({url})" if url else f"*{title}*"
    people = markdown_line(reference.authors) if reference.authors else ""
    year = f"({markdown_line(reference.year)})" if reference.year else ""
    lead = " ".join(part for part in (people, year) if part)
    return f"{lead}: {linked}" if lead else linked


def tex_references(references: Sequence[Reference]) -> tuple[str, ...]:
    """One LaTeX paragraph per reference."""
    return tuple(_tex(reference) for reference in references)


def _tex(reference: Reference) -> str:
    if reference.text is not None:
        return tex_line(reference.text)
    parts = [tex_line(reference.authors)] if reference.authors else []
    parts.append(rf"\emph{{{tex_line(reference.title or 'Untitled')}}}")
    parts += [tex_line(reference.year)] if reference.year else []
    url = safe_url(reference.url) if reference.url else None
    parts += [rf"\texttt{{{_breakable(url)}}}"] if url else []
    return ", ".join(parts) + "."


def _breakable(url: str) -> str:
    """An address that may end a line after a slash, a dot or a hyphen."""
    return re.sub(r"(?<=[^/:])([/.\-])(?=[^/])", r"\1\\allowbreak{}", tex_line(url))


def bibtex(activation: Activation) -> str:
    """All BibTeX entries that the spec offers, for a fenced block; no line can close the fence."""
    entries = [r.bibtex.strip() for r in activation.references if r.bibtex]
    return "\n\n".join("\n".join(_fenced(line) for line in entry.splitlines()) for entry in entries)


def _fenced(line: str) -> str:
    return re.sub(r"`{3,}|~{3,}", lambda run: run[0][:2], line).rstrip()
