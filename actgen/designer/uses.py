"""Where a spec declares a name, and where it uses it: in formulas, requirements and checks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from actgen.spec.tree import Items, Keyed, Path, Scalar, Tree
from actgen.spec.vocabulary import CALLABLE

Ranges = Iterator[tuple[int, int]]
Use = tuple[Scalar, Callable[[str], Ranges]]
"""A scalar, and what finds the name in its text."""

SECTIONS = ("parameters", "let", "outputs")


def declared_names(tree: Tree) -> list[tuple[Path, Scalar | None]]:
    """Each declared name's path, and where it stands: nowhere for the input that a spec has without saying so."""
    entries = _entries(tree)
    items = _items(entries.get("inputs"))
    inputs: list[tuple[Path, Scalar | None]] = [
        (("inputs", number), item) for number, item in enumerate(items) if isinstance(item, Scalar) and item.text
    ]
    if "inputs" not in entries:
        inputs = [(("inputs", 0), None)]
    return [*inputs, *(((section, key.text), key) for section in SECTIONS for key in _keys(entries.get(section)))]


def formulas(tree: Tree) -> Iterator[Scalar]:
    """Every formula of a spec, those of pieces and their conditions too."""
    entries = _entries(tree)
    parts = [entries.get("expression"), *_entries(entries.get("outputs")).values()]
    for formula in (*parts, *_entries(entries.get("let")).values()):
        if isinstance(formula, Scalar):
            yield formula
        for part in _items(formula):
            yield from (value for value in _entries(part).values() if isinstance(value, Scalar))


def words(text: str, name: str) -> Ranges:
    """Where a name stands as a word; a function's name before a parenthesis is the function."""
    after = r"(?!\w|\s*\()" if name in CALLABLE else r"(?!\w)"
    for match in re.finditer(rf"(?<![\w.]){re.escape(name)}{after}", text, re.ASCII):
        yield match.span()


@dataclass(frozen=True, slots=True)
class Uses:
    """The uses of a name that a spec declares in `section`: `inputs` or one of `SECTIONS`."""

    tree: Tree
    section: str
    name: str

    def all(self) -> Iterator[Use]:
        """Every place where the name may stand, its declaration included."""
        yield from ((name, _whole) for name in self._names() if name.text == self.name)
        if self.section != "outputs":  # no formula uses an output
            yield from ((formula, lambda text: words(text, self.name)) for formula in formulas(self.tree))
            yield from ((key, _after_d) for key in self._partials() if key.text == f"d{self.name}")
        yield from ((text, self._in_requirement) for text in self._requirements())

    def _names(self) -> Iterator[Scalar]:
        """What is a name of this kind by its place."""
        yield from (key for path, key in declared_names(self.tree) if path[0] == self.section and key is not None)
        checks = _entries(self.tree).get("checks")
        if self.section == "outputs":
            yield from (key for key in _keys(checks) if key.text != "domain")
            return
        yield from _keys(_entries(checks).get("domain"))
        for claims in self._claims():
            yield from (key for about in ("smoothness", "monotone") for key in _keys(claims.get(about)))
            yield from (key for point in _items(claims.get("points")) for key in _keys(_entries(point).get("at")))

    def _partials(self) -> Iterator[Scalar]:
        """The keys of claimed points: a derivative is `d` with a name."""
        for claims in self._claims():
            yield from (key for point in _items(claims.get("points")) for key in _keys(point))

    def _claims(self) -> Iterator[Mapping[str, Tree]]:
        """What is claimed about each output."""
        entries = _entries(self.tree)
        checks = _entries(entries.get("checks"))
        if "outputs" in entries:
            yield from (_entries(claims) for name, claims in checks.items() if name != "domain")
        else:
            yield checks

    def _requirements(self) -> Iterator[Scalar]:
        entries = _entries(self.tree)
        inits = (_entries(parameter).get("init") for parameter in _entries(entries.get("parameters")).values())
        for holder in (*inits, *_entries(entries.get("let")).values()):
            found = _entries(holder).get("solve")
            if isinstance(found, Scalar):
                yield found

    def _in_requirement(self, text: str) -> Ranges:
        """An output begins a requirement, an input stands in `dy/dx`, all else in places and values."""
        name = re.escape(self.name)
        pattern = {"inputs": rf"/d({name})(?!\w)", "outputs": rf"(?<!\w)(?:d|E\[\s*)?({name})(?!\w)"}
        for match in re.finditer(pattern.get(self.section, rf"(?<![\w.])({name})(?!\w)"), text, re.ASCII):
            if self.section == "inputs" or _is_begin(text[: match.start()]) == (self.section == "outputs"):
                yield match.span(1)


def _is_begin(before: str) -> bool:
    """Whether a requirement begins after this text: there is none, or it ends in a comma outside of parentheses."""
    depth = sum((character in "([") - (character in ")]") for character in before)
    return not before.strip() or (before.rstrip().endswith(",") and depth <= 0)


def _whole(text: str) -> Ranges:
    yield 0, len(text)


def _after_d(text: str) -> Ranges:
    yield 1, len(text)


def _entries(tree: Tree | None) -> Mapping[str, Tree]:
    return {name: entry.value for name, entry in tree.entries.items()} if isinstance(tree, Keyed) else {}


def _items(tree: Tree | None) -> tuple[Tree, ...]:
    return tree.items if isinstance(tree, Items) else ()


def _keys(tree: Tree | None) -> list[Scalar]:
    return [entry.key for entry in tree.entries.values()] if isinstance(tree, Keyed) else []
