"""How a value is written in YAML: plainly where that reads as the same text, else in single quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from actgen.spec.findings import Findings, TooManyFaultsError
from actgen.spec.source import decode, read_tree
from actgen.spec.tree import Keyed, Scalar, SourceText, Tree, data

Value: TypeAlias = "str | Sequence[Value] | Mapping[str, Value]"
"""A text, or a list or mapping of such; what a text means is the reader's business."""


def parsed(text: str) -> tuple[SourceText, Tree] | None:
    """The text as a tree, with its source; None where it is no YAML that a spec could be."""
    findings = Findings()
    try:
        decoded = decode(text, "form", findings)
        tree = None if decoded is None else read_tree(decoded.source, findings)
    except TooManyFaultsError:
        return None
    return None if decoded is None or tree is None else (decoded.source, tree)


def plain(tree: Tree) -> Value:
    """What a tree says, without how it is written."""
    return _texts(data(tree))


def flow(value: Value) -> str:
    """A value in one line, as it may stand between brackets."""
    match value:
        case str():
            return _scalar(value, "[{}]")
        case Mapping():
            return "{" + ", ".join(f"{flow(key)}: {flow(item)}" for key, item in value.items()) + "}"
        case _:
            return "[" + ", ".join(flow(item) for item in value) + "]"


def block(value: Value, indent: str) -> str:
    """A value as it stands after `key:`, from the space or the line end on; short mappings stay in one line."""
    if isinstance(value, str):
        return f" {_scalar(value, 'key: {}')}"
    if isinstance(value, Mapping):
        return f" {flow(value)}"
    if not all(isinstance(item, Mapping) for item in value):
        return f" {flow(value)}"
    return "".join(f"\n{indent}  - {item_of_list(item, indent + '    ')}" for item in value)


def item_of_list(value: Value, indent: str) -> str:
    """A value as it stands after a dash: a mapping with a line for each key, all else in one line."""
    if not isinstance(value, Mapping):
        return block(value, indent).lstrip()
    return f"\n{indent}".join(f"{flow(key)}:{block(item, indent)}" for key, item in value.items())


def _scalar(value: str, around: str) -> str:
    quoted = "'" + value.replace("'", "''") + "'"
    read = parsed(around.format(value))
    if read is None:
        return quoted
    tree = read[1]
    found = next(iter(tree.entries.values())).value if isinstance(tree, Keyed) else getattr(tree, "items", (tree,))[0]
    alone = not isinstance(tree, Scalar) and len(getattr(tree, "items", (1,))) == 1
    same = alone and isinstance(found, Scalar) and found.text == value and not found.is_null
    return value if same else quoted


def _texts(found: object) -> Value:
    match found:
        case Mapping():
            return {str(key): _texts(value) for key, value in found.items()}
        case list():
            return [_texts(item) for item in found]
        case Scalar():
            return " ".join(found.text.split())
        case _:
            raise TypeError(type(found).__name__)
