"""YAML as a tree of text: scalars, lists and mappings, each with its place in the file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from actgen.diagnostics import Span
from actgen.spec.alignment import align

Style: TypeAlias = Literal["plain", "'", '"', "|", ">"]
Path: TypeAlias = tuple[str | int, ...]
Data: TypeAlias = "dict[str, Data] | list[Data] | Scalar"


@dataclass(frozen=True, slots=True, eq=False)
class SourceText:
    """The text of a file, with line ends normalised, that can say where an index lies."""

    path: str
    text: str
    line_starts: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        starts = (0, *(i + 1 for i, character in enumerate(self.text) if character == "\n"))
        object.__setattr__(self, "line_starts", starts)

    def span(self, start: int, end: int) -> Span:
        """The span of `text[start:end]`."""
        line, column = self._place(start)
        end_line, end_column = self._place(max(start, end))
        return Span(self.path, line, column, end_line, end_column)

    def _place(self, index: int) -> tuple[int, int]:
        line = bisect_right(self.line_starts, index)
        return line, index - self.line_starts[line - 1] + 1


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A scalar: its text after YAML's unquoting and folding, and where it was written.

    `start` and `end` index the source; `span` is the same as a span.
    """

    text: str
    style: Style
    source: SourceText
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The scalar as written, quotes and block indicators included; block scalars end with their text."""
        end = self.start + len(self.source.text[self.start : self.end].rstrip())
        return self.source.span(self.start, max(end, self.start))

    def part(self, start: int, end: int) -> Span:
        """Where `text[start:end]` was written."""
        places = align(self.source.text, self.start, self.end, self.text, self.style)
        if not places:
            return self.span
        first = places[min(start, len(places) - 1)]
        last = places[min(max(end, start + 1), len(places)) - 1]
        return self.source.span(first, last + 1)

    @property
    def is_null(self) -> bool:
        """Whether YAML 1.2's core schema reads nothing here: empty, `~` or `null`."""
        return self.style == "plain" and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """A list. `faulty` once an entry with a fault was taken out."""

    items: tuple[Tree, ...]
    span: Span
    faulty: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A key with its value."""

    key: Scalar
    value: Tree


@dataclass(frozen=True, slots=True, eq=False)
class Keyed:
    """A mapping, in the order written. `faulty` holds the keys whose values were taken out for a fault."""

    entries: dict[str, Entry]
    span: Span
    faulty: dict[str, Entry] = field(default_factory=dict)


Tree: TypeAlias = Scalar | Items | Keyed


def data(tree: Tree) -> Data:
    """The tree as dicts and lists of scalars, for the schema."""
    match tree:
        case Keyed():
            return {key: data(entry.value) for key, entry in tree.entries.items()}
        case Items():
            return [data(item) for item in tree.items]
        case Scalar():
            return tree


def find(tree: Tree, path: Sequence[str | int]) -> Tree:
    """The part at a path; steps that lead nowhere (a validator's own labels) are passed over."""
    *_, (_, found) = _steps(tree, path)
    return found


def real_path(tree: Tree, path: Sequence[str | int]) -> Path:
    """The path without the steps that lead nowhere."""
    return tuple(step for step, _ in _steps(tree, path) if step is not None)


def _steps(tree: Tree, path: Sequence[str | int]) -> Iterator[tuple[str | int | None, Tree]]:
    yield None, tree
    for step in path:
        match tree:
            case Keyed() if isinstance(step, str) and step in tree.entries:
                tree = tree.entries[step].value
            case Items() if isinstance(step, int) and 0 <= step < len(tree.items):
                tree = tree.items[step]
            case _:
                continue
        yield step, tree


def key_span(tree: Tree, path: Path) -> Span:
    """Where the last key of the path stands; for a list's entry, the entry."""
    parent = find(tree, path[:-1])
    if isinstance(parent, Keyed) and path:
        entry = parent.entries.get(str(path[-1])) or parent.faulty.get(str(path[-1]))
        if entry is not None:
            return entry.key.span
    return find(tree, path).span


def is_faulty(tree: Tree, key: str | None = None) -> bool:
    """Whether something (or the value of this key) was taken out, so that its absence is no second fault."""
    match tree:
        case Keyed(faulty=faulty):
            return bool(faulty) if key is None else key in faulty
        case Items(faulty=faulty):
            return faulty and key is None
        case Scalar():
            return False


def without(tree: Tree, path: Path) -> Tree:
    """The tree with the part at the path taken out, and its parent marked faulty."""
    if not path:
        return tree
    head, *rest = path
    match tree:
        case Keyed() if rest:
            entry = tree.entries[str(head)]
            changed = {**tree.entries, str(head): replace(entry, value=without(entry.value, tuple(rest)))}
            return replace(tree, entries=changed)
        case Keyed():
            kept = {key: entry for key, entry in tree.entries.items() if key != head}
            return replace(tree, entries=kept, faulty={**tree.faulty, str(head): tree.entries[str(head)]})
        case Items() if isinstance(head, int):
            inner = (without(tree.items[head], tuple(rest)),) if rest else ()
            items = (*tree.items[:head], *inner, *tree.items[head + 1 :])
            return replace(tree, items=items, faulty=tree.faulty or not rest)
        case _:
            return tree
