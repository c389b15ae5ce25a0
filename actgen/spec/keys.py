"""Keys that the format does not know: a finding each, and, where one is plainly meant, its value read as that key's.

So a slip of the pen is one fault, and not also a missing key and an undeclared name.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from actgen.spec.findings import Findings, listed, nearest_word, quoted
from actgen.spec.schema import (
    ChecksModel,
    ConstantModel,
    DistributionModel,
    OutputChecksModel,
    OutputsModel,
    ParameterModel,
    PieceModel,
    ReferenceModel,
    RegularizerModel,
)
from actgen.spec.tree import Entry, Items, Keyed, Path, Scalar, Tree

_MODELS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("parameters.*", ParameterModel),
    ("parameters.*.init", DistributionModel),
    ("parameters.*.regularizer", RegularizerModel),
    ("references.#", ReferenceModel),
    ("expression.#", PieceModel),
    ("let.*", ConstantModel),
    ("let.*.#", PieceModel),
    ("outputs.*.#", PieceModel),
)
"""Where the models of mappings stand, with `*` for a key and `#` for a place in a list; `checks` depends on outputs."""

_SECTIONS = ("parameters", "let", "outputs", "checks")

_MEANT = {
    "params": "parameters",
    "formula": "expression",
    "expr": "expression",
    "forward": "expression",
    "y": "expression",
    "f": "expression",
    "f(x)": "expression",
    "function": "expression",
    "output": "expression",
    "variables": "inputs",
    "learned": "learnable",
    "trainable": "learnable",
    "requires_grad": "learnable",
    "initial": "init",
    "default": "init",
    "value": "init",
    "limits": "bounds",
    "regularization": "regularizer",
    "symbol": "latex",
    "doc": "description",
    "else": "otherwise",
    "if": "when",
    "condition": "when",
    "cond": "when",
    "then": "value",
    "axis": "dim",
    "description": "summary",
}
"""Keys that people try, and the key that is meant where it exists."""

_HINTED = {
    "fixed": "learnable",
    "constraint": "bounds",
    "min": "bounds",
    "max": "bounds",
    "std": "normal",
    "mean": "normal",
    "version": "actgen",
}
"""The same where the values differ in form or sense, so that they cannot be read as the other key's."""


def mend_keys(tree: Keyed, findings: Findings) -> Keyed:
    """A spec without the keys that the format does not know; a misspelt one stands under its right name.

    Args:
        tree: the whole spec.
        findings: where faults go.
    """
    named = [field.alias or name for name, field in OutputsModel.model_fields.items()]
    top = _mended(_indented(tree, named, findings), (), named, findings)
    outputs = top.entries["outputs"].value if "outputs" in top.entries else None
    walker = _Walker(frozenset(outputs.entries) if isinstance(outputs, Keyed) else None, findings)
    entries = {key: Entry(entry.key, walker.walk(entry.value, (key,))) for key, entry in top.entries.items()}
    return Keyed(entries, top.span, top.faulty)


@dataclass(frozen=True, slots=True)
class _Walker:
    outputs: frozenset[str] | None
    findings: Findings

    def walk(self, tree: Tree, path: Path) -> Tree:
        if isinstance(tree, Items):
            items = tuple(self.walk(item, (*path, index)) for index, item in enumerate(tree.items))
            return Items(items, tree.span, tree.faulty)
        if not isinstance(tree, Keyed):
            return tree
        model = self._model(path)
        if model is not None:
            tree = _mended(tree, path, [field.alias or key for key, field in model.model_fields.items()], self.findings)
        entries = {key: Entry(entry.key, self.walk(entry.value, (*path, key))) for key, entry in tree.entries.items()}
        return Keyed(entries, tree.span, tree.faulty)

    def _model(self, path: Path) -> type[BaseModel] | None:
        if path[0] != "checks":
            return next((model for pattern, model in _MODELS if _fits(path, pattern)), None)
        if self.outputs is not None:
            return OutputChecksModel if len(path) == 2 and path[1] in self.outputs - {"domain"} else None
        return ChecksModel if len(path) == 1 else None


def _indented(tree: Keyed, known: list[str], findings: Findings) -> Keyed:
    """The spec with unknown keys below an empty section put into it: they lack their indentation."""
    entries: dict[str, Entry] = {}
    section: str | None = None
    for key, entry in tree.entries.items():
        if key in known or section is None:
            is_empty = isinstance(entry.value, Scalar) and entry.value.is_null
            section = key if key in _SECTIONS and is_empty else None
            entries[key] = entry
            continue
        inside = entries[section].value
        if not isinstance(inside, Keyed):
            message = f"what stands below `{section}` is not indented"
            findings.error("ACT104", message, entry.key.span, "begin each line of it with two blanks")
            inside = Keyed({}, entry.key.span)
        inside = Keyed({**inside.entries, key: entry}, inside.span)
        entries[section] = Entry(entries[section].key, inside)
    return Keyed(entries, tree.span, tree.faulty)


def _mended(tree: Keyed, path: Path, known: list[str], findings: Findings) -> Keyed:
    entries: dict[str, Entry] = {}
    faulty = dict(tree.faulty)
    for key, entry in tree.entries.items():
        if key in known:
            entries[key] = entry
            continue
        meant, help = _meant(key, entry.value, path, known)
        findings.error("ACT101", f"unknown key {quoted(key)}", entry.key.span, help)
        if meant and meant not in tree.entries and meant not in entries and key.lower() not in _HINTED:
            entries[meant] = entry
        else:
            faulty[meant or key] = entry
    return Keyed(entries, tree.span, faulty)


def _meant(key: str, value: Tree, path: Path, known: list[str]) -> tuple[str | None, str]:
    """The key that is meant, if that is plain, and what would help."""
    if key == "y" and path == ("checks",):
        return None, "the checks of `expression` stand below `checks` itself"
    if key == "domain" and len(path) == 2 and path[0] == "checks":
        return None, "`domain` is of the inputs: it stands below `checks` itself"
    lower = key.lower()
    meant = _MEANT.get(lower) or _HINTED.get(lower)
    if meant not in known or (lower == "output" and isinstance(value, Keyed)):
        synonyms = {word: key for word, key in _MEANT.items() if key in known and not isinstance(value, Keyed)}
        close = nearest_word(key, {*known, *synonyms})
        meant = None if close is None else synonyms.get(close, close)
    return meant, f"did you mean `{meant}`?" if meant else f"the keys here are {listed(known)}"


def _fits(path: Path, pattern: str) -> bool:
    steps = pattern.split(".")
    kinds = ["#" if isinstance(step, int) else "*" for step in path]
    return len(steps) == len(path) and all(
        want in (kind, step) for want, kind, step in zip(steps, kinds, path, strict=True)
    )
