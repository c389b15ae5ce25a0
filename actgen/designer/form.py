"""A spec as a form: its names, formulas and parameters, each field with its path and its place in the text.

A field whose text is None is not written in the spec; an edit of its path (`editing.py`) puts it there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actgen.designer.uses import declared_names
from actgen.designer.written import parsed
from actgen.diagnostics import Span
from actgen.spec.tree import Items, Keyed, Path, Scalar, Tree, find, real_path

_MOST = 100
_HEAD = ("title", "name", "summary")
_PIECE = ("when", "value", "otherwise")
_PARAMETER = ("init", "description", "learnable", "shape")


def form(text: str) -> dict[str, Any] | None:
    """The form as JSON; None where the text is no YAML that could be a spec.

    Returns:
        `head` has the fields of title, name and summary; `inputs` their names; `names` what is declared and where;
        `lets`, `formulas` and `parameters` the entries in the order written. A formula's `field` is null where it has
        `pieces`; `outputs` tells whether formulas are those of named outputs.
    """
    read = parsed(text)
    if read is None or not isinstance(read[1], Keyed):
        return None
    tree = read[1]
    outputs = _keys(tree, "outputs")
    return {
        "head": {name: _field(tree, (name,)) for name in _HEAD},
        "inputs": _inputs(tree),
        "names": [_name(path, key) for path, key in declared_names(tree)],
        "lets": [_formula(tree, ("let", name), name) for name in _keys(tree, "let")],
        "formulas": [_formula(tree, ("outputs", name), name) for name in outputs]
        or [_formula(tree, ("expression",), "Formula")],
        "outputs": bool(outputs),
        "parameters": [_parameter(tree, name) for name in _keys(tree, "parameters")],
    }


def _keys(tree: Keyed, key: str) -> Sequence[str]:
    entry = tree.entries.get(key)
    return [*entry.value.entries][:_MOST] if entry is not None and isinstance(entry.value, Keyed) else ()


def _inputs(tree: Keyed) -> list[str]:
    listed = find(tree, ("inputs",))
    names = [item.text for item in listed.items if isinstance(item, Scalar)] if isinstance(listed, Items) else []
    return names or ["x"]


def _formula(tree: Tree, path: Path, label: str) -> dict[str, Any]:
    """A formula: one field, or one for each part of each piece."""
    found = find(tree, path) if real_path(tree, path) == path else None
    pieces = [
        {"path": [*path, number], **{key: _field(tree, (*path, number, key)) for key in _PIECE}}
        for number in range(len(found.items) if isinstance(found, Items) else 0)
    ]
    return {
        "path": list(path),
        "label": label,
        "field": None if pieces else _field(tree, path),
        "pieces": pieces[:_MOST],
    }


def _parameter(tree: Tree, name: str) -> dict[str, Any]:
    path = ("parameters", name)
    short = isinstance(find(tree, path), Scalar)
    fields = {key: _field(tree, (*path, key)) for key in _PARAMETER}
    bounds = [_field(tree, (*path, "bounds", end)) for end in (0, 1)]
    return {
        "path": list(path),
        "name": name,
        **fields,
        "init": _field(tree, path) if short else fields["init"],
        "low": bounds[0],
        "high": bounds[1],
    }


def _field(tree: Tree, path: Path) -> dict[str, Any]:
    """A field: `text` in one line, null where nothing is written; `is_set` also where something else than text is."""
    is_there = real_path(tree, path) == path
    found = find(tree, path) if is_there else None
    scalar = found if isinstance(found, Scalar) else None
    return {
        "path": list(path),
        "text": None if scalar is None else " ".join(scalar.text.split()),
        "is_set": is_there,
        **_place(None if found is None else found.span),
    }


def _name(path: Path, key: Scalar | None) -> dict[str, Any]:
    """A declared name; without a place for the input that a spec has without saying so."""
    if key is None:
        return {"path": list(path), "text": "x", **_place(None)}
    return {"path": list(path), "text": key.text, **_place(key.span)}


def _place(span: Span | None) -> dict[str, int | None]:
    return {
        "line": None if span is None else span.line,
        "end_line": None if span is None else span.end_line,
        "column": None if span is None else span.column,
        "end_column": None if span is None else span.end_column,
    }
