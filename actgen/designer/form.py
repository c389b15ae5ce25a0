"""A spec as a form: its title, formulas and initial values as fields, and edits that leave the rest as it was written.

A field is a scalar of the YAML, by its path. What is put in its place is written plainly where YAML reads that as the
same text, else in single quotes; comments, order and everything else stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actgen.designer.field import Field, field
from actgen.spec.findings import Findings, TooManyFaultsError
from actgen.spec.source import decode, read_tree
from actgen.spec.tree import Keyed, Path, Scalar, SourceText, Tree, find, real_path

_MOST = 200
_PIECE = (("when", "if"), ("value", "value"), ("otherwise", "otherwise"))


class EditError(Exception):
    """A part of the spec that cannot be edited so; the message says why."""


@dataclass(frozen=True, slots=True)
class _Read:
    source: SourceText
    tree: Tree


def fields(text: str) -> tuple[Field, ...] | None:
    """The fields of a spec, in the order of a form; None where the text is no YAML that could be a spec."""
    read = _read(text)
    if read is None or not isinstance(read.tree, Keyed):
        return None
    there = (listed for listed in _listed(read.tree) if real_path(read.tree, listed[0]) == listed[0])
    found = (field(path, label, kind, find(read.tree, path)) for path, label, kind in there)
    return tuple(f for f in found if f is not None)[:_MOST]


def edited(text: str, path: Path, value: str) -> str:
    """The text with another value of a field; with one more parameter if the path is that of a new one.

    Raises:
        EditError: if the text is no YAML, if there is no such field, or if the value cannot stand there.
    """
    read = _read(text)
    if read is None:
        raise EditError("the spec is no YAML that can be read")
    if "\n" in value.strip() or not value.strip():
        raise EditError("a field holds one line of text")
    scalar = find(read.tree, path)
    is_there = real_path(read.tree, path) == path
    if not is_there and len(path) == 2 and path[0] == "parameters" and str(path[1]).strip():
        return _first_that_reads(_insertions(read, str(path[1]), value.strip()), path, value.strip())
    if not is_there or not isinstance(scalar, Scalar):
        raise EditError("there is no such field")
    return _first_that_reads(_replacements(scalar, value.strip()), path, value.strip())


def _listed(tree: Keyed) -> Iterator[tuple[Path, str, str]]:
    yield ("title",), "Title", "text"
    for name in _keys(tree, "let"):
        yield from _formula(tree, ("let", name), name)
    yield from _formula(tree, ("expression",), "Formula")
    for name in _keys(tree, "outputs"):
        yield from _formula(tree, ("outputs", name), name)
    for name in _keys(tree, "parameters"):
        yield ("parameters", name), name, "number"
        yield ("parameters", name, "init"), name, "number"


def _keys(tree: Keyed, key: str) -> Sequence[str]:
    entry = tree.entries.get(key)
    return list(entry.value.entries) if entry is not None and isinstance(entry.value, Keyed) else ()


def _formula(tree: Tree, path: Path, label: str) -> Iterator[tuple[Path, str, str]]:
    """An expression, or the parts of each piece."""
    yield path, label, "formula"
    pieces = getattr(find(tree, path), "items", ())
    for number, _ in enumerate(pieces):
        for key, word in _PIECE:
            yield (*path, number, key), f"{label}: {word}", "formula"


def _read(text: str) -> _Read | None:
    findings = Findings()
    try:
        decoded = decode(text, "form", findings)
        tree = None if decoded is None else read_tree(decoded.source, findings)
    except TooManyFaultsError:
        return None
    return None if decoded is None or tree is None else _Read(decoded.source, tree)


def _replacements(scalar: Scalar, value: str) -> Iterator[str]:
    text = scalar.source.text
    end = scalar.start + len(text[scalar.start : scalar.end].rstrip())
    for written in _spellings(value):
        yield text[: scalar.start] + written + text[end:]


def _insertions(read: _Read, name: str, value: str) -> Iterator[str]:
    """The text with a parameter more, after the last one, or before the formula if there is none."""
    text = read.source.text
    parameters = read.tree.entries.get("parameters") if isinstance(read.tree, Keyed) else None
    for written in _spellings(value):
        if parameters is not None and isinstance(parameters.value, Keyed) and parameters.value.entries:
            first = next(iter(parameters.value.entries.values())).key
            line = read.source.line_starts[first.span.line - 1]
            indent = text[line : first.start]
            end = _end_of_lines(read.source, parameters.value)
            if not indent.strip():
                yield f"{text[:end]}{indent}{name}: {written}\n{text[end:]}"
            continue
        start = _start_of_formula(read)
        if parameters is None and start is not None:
            yield f"{text[:start]}parameters:\n  {name}: {written}\n{text[start:]}"


def _end_of_lines(source: SourceText, tree: Tree) -> int:
    """Where the line after a tree begins."""
    last = tree.span.end_line if tree.span.end_column > 1 else tree.span.end_line - 1
    lines = source.text.splitlines(keepends=True)
    while last > 1 and not lines[last - 1].strip():
        last -= 1
    return len("".join(lines[:last]))


def _start_of_formula(read: _Read) -> int | None:
    entries = read.tree.entries if isinstance(read.tree, Keyed) else {}
    key = next((entries[name].key for name in ("let", "expression", "outputs") if name in entries), None)
    return None if key is None else read.source.line_starts[key.span.line - 1]


def _spellings(value: str) -> tuple[str, str]:
    quoted = value.replace("'", "''")
    return value, f"'{quoted}'"


def _first_that_reads(texts: Iterator[str], path: Path, value: str) -> str:
    """The first text in which the field has the value."""
    for text in texts:
        read = _read(text)
        if read is not None and real_path(read.tree, path) == path:
            found = find(read.tree, path)
            if isinstance(found, Scalar) and found.text == value:
                return text
    raise EditError("the text cannot stand there")
