"""Where the parts of a spec are written, and the text with a part taken out or put in."""

from __future__ import annotations

from collections.abc import Iterator

from actgen.spec.tree import Items, Keyed, Scalar, SourceText, Tree


def is_flow(source: SourceText, tree: Tree) -> bool:
    """Whether it is a list or mapping between brackets."""
    return not isinstance(tree, Scalar) and source.text[_start(source, tree)] in "[{"


def region(source: SourceText, tree: Tree) -> tuple[int, int]:
    """Where a tree begins, and where the last that it says ends."""
    return _start(source, tree), _end(source, tree)


def indent_of(source: SourceText, index: int) -> str:
    """The spaces at the beginning of a line; dashes count as spaces."""
    start = _line(source, index)
    text = source.text[start:index]
    return " " * (len(text) - len(text.lstrip(" -")))


def dash_of(source: SourceText, item: Tree) -> str | None:
    """What stands before the dash of a list's item; None where that is more than spaces."""
    first = _start(source, item)
    before = source.text[_line(source, first) : first].rstrip(" ")
    return before[:-1] if before.endswith("-") and not before[:-1].strip() else None


def start_of_item(source: SourceText, parent: Items, index: int) -> int:
    """Where an item begins, comments above it included; past the last one, where that ends."""
    if index < len(parent.items):
        return above(source, _start(source, parent.items[index]))
    return after(source, parent.items[-1])


def above(source: SourceText, index: int) -> int:
    """The beginning of a line, or of the comments right above it."""
    start = _line(source, index)
    while start and source.text[_line(source, start - 1) : start].lstrip().startswith("#"):
        start = _line(source, start - 1)
    return start


def after(source: SourceText, tree: Tree) -> int:
    """Where the line begins that follows a tree."""
    found = source.text.find("\n", _end(source, tree))
    return len(source.text) if found < 0 else found + 1


def comments(text: str) -> str:
    """The lines of a text that are comments alone."""
    return "".join(f"\n{line}" for line in text.split("\n")[1:] if line.lstrip().startswith("#"))


def with_lines(text: str, at: int, lines: str) -> str:
    """The text with lines put in where one begins."""
    before = text[:at] if text[:at].endswith("\n") or not at else text[:at] + "\n"
    return before + lines + text[at:]


def without(source: SourceText, parent: Tree, key: str | int) -> Iterator[str]:
    """The text without an entry: without its lines, or without what is between two commas."""
    text = source.text
    parts = _parts(source, parent)
    names: list[str | int] = list(parent.entries) if isinstance(parent, Keyed) else [*range(len(parts))]
    if key not in names:
        return
    at = names.index(key)
    start, end = parts[at]
    if is_flow(source, parent):
        if at + 1 < len(parts):
            yield text[:start] + text[parts[at + 1][0] :]
        else:
            yield text[: parts[at - 1][1] if at else start] + text[end:]
        return
    line_end = text.find("\n", end)
    yield text[: _line(source, start)] + ("" if line_end < 0 else text[line_end + 1 :])


def inside(source: SourceText, parent: Tree, key: str | int, written: str) -> Iterator[str]:
    """The text with an entry more between brackets: before the item of a number, else last."""
    text = source.text
    parts = _parts(source, parent)
    if isinstance(key, int) and key < len(parts):
        yield f"{text[: parts[key][0]]}{written}, {text[parts[key][0] :]}"
        return
    at = parts[-1][1] if parts else _start(source, parent) + 1
    yield f"{text[:at]}{', ' if parts else ''}{written}{text[at:]}"


def _parts(source: SourceText, parent: Tree) -> list[tuple[int, int]]:
    """Where each entry begins, its key included, and ends."""
    if isinstance(parent, Keyed):
        return [(e.key.start, max(e.key.end, _end(source, e.value))) for e in parent.entries.values()]
    return [region(source, item) for item in (parent.items if isinstance(parent, Items) else ())]


def _line(source: SourceText, index: int) -> int:
    """Where the line of an index begins."""
    return source.text.rfind("\n", 0, index) + 1


def _start(source: SourceText, tree: Tree) -> int:
    return tree.start if isinstance(tree, Scalar) else source.line_starts[tree.span.line - 1] + tree.span.column - 1


def _end(source: SourceText, tree: Tree) -> int:
    if isinstance(tree, Scalar):
        return max(tree.start + len(source.text[tree.start : tree.end].rstrip()), tree.start)
    if is_flow(source, tree):
        return source.line_starts[tree.span.end_line - 1] + tree.span.end_column - 1
    return max((end for _, end in _parts(source, tree)), default=_start(source, tree))
