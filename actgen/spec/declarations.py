"""The one namespace of a spec: inputs, parameters, `let` entries and outputs, each declared once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from actgen.diagnostics import Span
from actgen.spec.findings import Findings, quoted
from actgen.spec.naming import check_collisions, check_name
from actgen.spec.tree import Items, Keyed, Scalar, Tree, find

Role: TypeAlias = Literal["input", "parameter", "let entry", "output"]

_LEADING_NAME = re.compile(r"[A-Za-z_]\w*(?=\s*[:=])", re.ASCII)
_SECTIONS: tuple[tuple[str, Role], ...] = (("parameters", "parameter"), ("let", "let entry"), ("outputs", "output"))


@dataclass(slots=True)
class Declarations:
    """Every declared name with its role and place; names at fault are kept, so that their use is no second fault.

    `invalid` holds the names that no spec may have. `sound` is false once a name could not be declared as it was meant;
    `x_is_given` says that the input `x` is the default, which stands nowhere in the file.
    """

    roles: dict[str, Role] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    invalid: set[str] = field(default_factory=set)
    sound: bool = True
    x_is_given: bool = False

    def of(self, *roles: Role) -> list[str]:
        """The names with one of these roles, in the order of the spec."""
        return [name for name, role in self.roles.items() if role in roles]

    def add(self, name: str, role: Role, span: Span, findings: Findings) -> None:
        """Declare a name; a finding if it is not valid or stands for something already."""
        if not check_name(name, span, findings):
            self.invalid.add(name)
            self.sound = False
        if name in self.roles:
            first = self.roles[name]
            self._clash(name, role, first, span, findings)
            return
        self.roles[name] = role
        self.spans[name] = span

    def _clash(self, name: str, role: Role, first: Role, span: Span, findings: Findings) -> None:
        self.sound = False
        if role == first:
            message = f"the {role} {quoted(name)} is declared twice"
        else:
            message = f"{quoted(name)} is {_a(first)} already, and names have one meaning"
        findings.error("ACT203", message, span, "rename one of the two")


def _a(role: Role) -> str:
    return f"{'an' if role[0] in 'io' else 'a'} {role}"


def declare(tree: Keyed, findings: Findings) -> Declarations:
    """The names that a spec declares, whatever else is wrong with it.

    Args:
        tree: the whole spec, faulty parts included.
        findings: where faults go.
    """
    declared = Declarations(x_is_given="inputs" not in tree.entries)
    for name, span in _inputs(tree):
        declared.add(name, "input", span, findings)
    for key, role in _SECTIONS:
        for name, span in _keys(tree, key):
            declared.add(name, role, span, findings)
    if "outputs" not in tree.entries and "y" in declared.roles:
        message = f"`y` is the output of `expression`, and here it is {_a(declared.roles['y'])} too"
        findings.error("ACT203", message, declared.spans["y"], "rename it")
        declared.sound = False
    if "domain" in declared.of("output"):
        message = "an output cannot be called `domain`, which is a key of `checks`"
        findings.error("ACT202", message, declared.spans["domain"], "rename it")
    for names in (declared.of("input", "parameter"), declared.of("output")):
        check_collisions([(name, declared.spans[name]) for name in names if name not in declared.invalid], findings)
    return declared


def _inputs(tree: Keyed) -> list[tuple[str, Span]]:
    if "inputs" not in tree.entries:
        return [("x", tree.span)]
    return list(_meant_inputs(find(tree, ("inputs",))))


def _meant_inputs(tree: Tree) -> Iterator[tuple[str, Span]]:
    """The names of a list, and those that are meant by something that is not the list it should be."""
    match tree:
        case Items(items=items):
            for item in items:
                if isinstance(item, Scalar) and not item.is_null:
                    yield item.text, item.span
                elif not isinstance(item, Scalar):
                    yield from _meant_inputs(item)
        case Keyed(entries=entries):
            yield from ((name, entry.key.span) for name, entry in entries.items())
        case Scalar(text=text):
            yield from ((word[0], tree.part(*word.span())) for word in re.finditer(r"[^\s,]+", text))


def _keys(tree: Keyed, key: str) -> list[tuple[str, Span]]:
    entry = tree.entries.get(key)
    return [] if entry is None else list(_meant_keys(entry.value))


def _meant_keys(tree: Tree) -> Iterator[tuple[str, Span]]:
    """The names of a mapping, and those that are meant by a list of mappings or by a line that lacks its `: `."""
    match tree:
        case Keyed(entries=entries):
            yield from ((name, inner.key.span) for name, inner in entries.items())
        case Items(items=items):
            for item in items:
                yield from _meant_keys(item)
        case Scalar(text=text) if name := _LEADING_NAME.match(text):
            yield name[0], tree.part(*name.span())
