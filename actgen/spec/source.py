"""From a file's bytes to a tree of text: YAML 1.2 by ruamel.yaml's parser, and nothing constructed from it.

Scalars stay text, so YAML's own typing (`no`, `010`, `1e-3`) never acts.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from actgen.spec.characters import FORBIDDEN, character_name
from actgen.spec.composer import compose
from actgen.spec.findings import Findings
from actgen.spec.limits import MAX_BYTES, MAX_WORDS
from actgen.spec.tree import SourceText, Tree

_DIRECTIVE = re.compile(r"%[^\n]*")
_BEFORE_CONTENT = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file as text, its line ends normalised, with the SHA-256 of its bytes."""

    source: SourceText
    sha256: str


def decode(content: str | bytes, path: str, findings: Findings) -> Decoded | None:
    """The text of a file, or None after a finding: too large, not UTF-8, or hidden characters."""
    try:
        raw = content.encode() if isinstance(content, str) else content
    except UnicodeEncodeError:
        findings.error("ACT002", "the text holds half of a surrogate pair, which UTF-8 cannot write", None)
        return None
    whole = SourceText(path, "").span(0, 0)
    if len(raw) > MAX_BYTES:
        message = f"the file has {len(raw):,} bytes; a spec has at most {MAX_BYTES:,}"
        findings.error("ACT003", message, whole, "one spec describes one activation; is this the right file?")
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        before = SourceText(path, _unix_lines(raw[: error.start].decode()))
        span = before.span(len(before.text), len(before.text) + 1)
        findings.error("ACT002", f"byte 0x{raw[error.start]:02x} is not UTF-8", span, "save the file as UTF-8")
        return None
    if len(text.split()) > MAX_WORDS or text.count("\n") > MAX_WORDS:
        message = f"the file has over {MAX_WORDS:,} words or lines"
        findings.error("ACT003", message, whole, "one spec describes one activation; is this the right file?")
        return None
    source = SourceText(path, _unix_lines(text.removeprefix("\ufeff")))
    return Decoded(source, hashlib.sha256(raw).hexdigest()) if _is_clean(source, findings) else None


def read_tree(source: SourceText, findings: Findings) -> Tree | None:
    """The YAML of a source as a tree, or None after a finding that leaves nothing to go on with."""
    return compose(_without_directives(source, findings), findings)


def _unix_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_clean(source: SourceText, findings: Findings) -> bool:
    seen: set[str] = set()
    for match in FORBIDDEN.finditer(source.text):
        if match.group() in seen:
            continue
        seen.add(match.group())
        message = f"the file holds {character_name(match.group())}, which does not show"
        help = "remove it; a file full of them was not saved as UTF-8" if match.group() == "\x00" else "remove it"
        findings.error("ACT011", message, source.span(*match.span()), help)
    return not seen


def _without_directives(source: SourceText, findings: Findings) -> SourceText:
    """The source with its leading directives reported and blanked, places unchanged."""
    text = source.text
    position = 0
    while directive := _DIRECTIVE.match(text, start := _content_start(text, position)):
        help = "a spec is always YAML 1.2; remove the line"
        findings.error("ACT006", "YAML directives are not allowed", source.span(start, directive.end()), help)
        text = text[:start] + "#" * (directive.end() - start) + text[directive.end() :]
        position = directive.end()
    return source if text is source.text else SourceText(source.path, text)


def _content_start(text: str, position: int) -> int:
    blank = _BEFORE_CONTENT.match(text, position)
    return blank.end() if blank else position
