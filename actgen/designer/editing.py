"""Edits of a spec that leave everything else as it was written: comments, order, quotes, line ends.

An edit is a change of what the YAML says. The text is changed where that is written and nowhere else; then it is read
again, and has to say exactly what was wanted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from actgen.designer import places
from actgen.designer.written import Value, block, flow, item_of_list, parsed, plain
from actgen.spec.tree import Items, Keyed, Path, Scalar, SourceText, Tree, find, real_path

_ORDER = (
    *("actgen", "name", "title", "summary", "tags", "references", "inputs", "parameters", "let"),
    *("expression", "outputs", "combine", "dim", "checks"),
)
_SHORT = "init"
"""What a parameter's value means that is written without a key."""


class EditError(Exception):
    """A part of the spec that cannot be edited so; the message says why."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Another value at a place.

    Attributes:
        path: where; a place that is not there yet is made.
        value: what it is to say; None to take it away.
        insert: put the value before the entry of a list that is there now.
    """

    path: Path
    value: Value | None
    insert: bool = False


def edited(text: str, edit: Edit) -> str:
    """The text after an edit.

    Raises:
        EditError: if the text is no YAML, if there is no such place, or if the value cannot stand there.
    """
    read = parsed(text)
    if read is None:
        raise EditError("the spec is no YAML that can be read")
    source, tree = read
    names = [step for step in edit.path if isinstance(step, str)]
    if not edit.path or not all(map(_is_one_line, (*names, edit.value))):
        raise EditError("a field holds one line of text")
    edit = _widened(tree, edit)
    wanted = _canonical(_changed(plain(tree), edit.path, edit))
    for candidate in _candidates(source, tree, edit):
        again = parsed(candidate)
        if again is not None and _canonical(plain(again[1])) == wanted:
            return candidate
    raise EditError("the form cannot change how this is written; the text can")


def _is_one_line(value: Value | None) -> bool:
    match value:
        case None:
            return True
        case str():
            return bool(value.strip()) and "\n" not in value.strip()
        case Mapping():
            return bool(value) and all(_is_one_line(part) for part in (*value, *value.values()))
        case _:
            return bool(value) and all(_is_one_line(part) for part in value)


def _widened(tree: Tree, edit: Edit) -> Edit:
    """The same edit of the nearest place that is there: with what leads to it, or of all that would be left empty."""
    path, value = edit.path, edit.value
    there = len(real_path(tree, path))
    if value is None:
        while len(path) > 1 and _is_alone(find(tree, path[:-1])):
            path = path[:-1]
        return Edit(path, None)
    if there < len(path) - 1:
        for key in reversed(path[there + 1 :]):
            if not isinstance(key, str):
                raise EditError("there is no such field")
            value = {key: value}
        path = path[: there + 1]
    parent = find(tree, path[:-1])
    if len(real_path(tree, path)) < len(path) and isinstance(parent, Scalar):
        if len(path) == 1 or (not parent.is_null and path[0] != "parameters"):
            raise EditError("there is no such field")
        short = {} if parent.is_null else {_SHORT: " ".join(parent.text.split())}
        return Edit(path[:-1], {**short, str(path[-1]): value})
    return Edit(path, value, edit.insert)


def _is_alone(tree: Tree) -> bool:
    return len(tree.items if isinstance(tree, Items) else tree.entries if isinstance(tree, Keyed) else ()) == 1


def _changed(said: Value, path: Path, edit: Edit) -> Value:
    """What the spec says after the edit."""
    key, rest = path[0], path[1:]
    if isinstance(said, Mapping):
        changed = dict(said)
        if (rest or edit.value is None) and str(key) not in changed:
            raise EditError("there is no such field")
        if rest:
            changed[str(key)] = _changed(changed[str(key)], rest, edit)
        elif edit.value is None:
            del changed[str(key)]
        else:
            changed[str(key)] = edit.value
        return changed
    is_new = edit.insert and not rest
    if isinstance(said, str) or not isinstance(key, int) or not 0 <= key < len(said) + is_new:
        raise EditError("there is no such field")
    items = list(said)
    if rest:
        items[key] = _changed(items[key], rest, edit)
    else:
        items[key : key + (not edit.insert)] = [] if edit.value is None else [edit.value]
    return items


def _canonical(value: Value) -> str:
    """As text that differs where the meaning does: the order of parameters counts, that of a spec's keys does not."""
    if isinstance(value, Mapping):
        value = {key: value[key] for key in sorted(value)}
    return " ".join(json.dumps(value).split())


def _candidates(source: SourceText, tree: Tree, edit: Edit) -> Iterator[str]:
    is_there = real_path(tree, edit.path) == edit.path
    parent, key = find(tree, edit.path[:-1]), edit.path[-1]
    if edit.value is None:
        yield from places.without(source, parent, key)
    elif is_there and not edit.insert:
        yield from _replacements(source, tree, edit.path, edit.value)
    elif places.is_flow(source, parent):
        written = f"{flow(key)}: {flow(edit.value)}" if isinstance(key, str) else flow(edit.value)
        yield from places.inside(source, parent, key, written)
    else:
        yield from _insertions(source, parent, key, edit.value)


def _replacements(source: SourceText, tree: Tree, path: Path, value: Value) -> Iterator[str]:
    old, parent = find(tree, path), find(tree, path[:-1])
    if isinstance(old, Scalar) and not old.text and isinstance(parent, Keyed) and isinstance(path[-1], str):
        key = parent.entries[path[-1]].key
        yield source.text[: key.end] + ":" + block(value, "") + source.text[key.end :].removeprefix(":")
        return
    start, end = places.region(source, old)
    text = source.text
    if isinstance(old, Scalar) or places.is_flow(source, old):
        gap = "" if text[:start].endswith((" ", "\n", "[", "{")) else " "
        indent = places.indent_of(source, start)
        if isinstance(path[-1], str) and "\n" in (spread := block(value, indent)):
            yield text[:start].rstrip(" ") + spread + text[end:]
        yield f"{text[:start]}{gap}{flow(value)}{text[end:]}"
        return
    if isinstance(parent, Keyed) and isinstance(path[-1], str):
        key = parent.entries[path[-1]].key
        kept = places.comments(text[key.end : end])
        yield text[: key.end] + ":" + block(value, places.indent_of(source, key.start)) + kept + text[end:]


def _insertions(source: SourceText, parent: Tree, key: str | int, value: Value) -> Iterator[str]:
    """The text with an entry more in a block of lines."""
    text = source.text
    if isinstance(parent, Keyed) and parent.entries and isinstance(key, str):
        indent = places.indent_of(source, next(iter(parent.entries.values())).key.start)
        at = _place(source, parent, key)
        if not indent and isinstance(value, Mapping):
            lines = "".join(f"\n  {flow(name)}:{block(part, '  ')}" for name, part in value.items())
            yield places.with_lines(text, at, f"{key}:{lines}\n")
        yield places.with_lines(text, at, f"{indent}{flow(key)}:{block(value, indent)}\n")
    if isinstance(parent, Items) and parent.items and isinstance(key, int):
        indent = places.dash_of(source, parent.items[0])
        if indent is not None:
            at = places.start_of_item(source, parent, key)
            yield places.with_lines(text, at, f"{indent}- {item_of_list(value, indent + '  ')}\n")


def _place(source: SourceText, parent: Keyed, key: str) -> int:
    """Where a new entry begins: last, but for a key of the spec itself, which goes where readers look for it."""
    keys: Sequence[str] = list(parent.entries)
    if key in _ORDER and "actgen" in keys:
        later = _ORDER[_ORDER.index(key) + 1 :]
        follower = next((name for name in keys if name in later), None)
        if follower is not None:
            return places.above(source, parent.entries[follower].key.start)
    return places.after(source, parent.entries[keys[-1]].value)
