"""How much a file's formulas hold together, found out before any of them is read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actgen.spec.findings import Findings
from actgen.spec.limits import MAX_FORMULA_TOKENS
from actgen.spec.tree import Items, Keyed, Scalar, Tree

_SECTIONS = ("parameters", "let", "expression", "outputs", "checks")
_TEXTS = ("latex", "description")
_TOKEN = re.compile(r"[A-Za-z0-9_.]+|[^\sA-Za-z0-9_.]")


def is_too_long(tree: Keyed, findings: Findings) -> bool:
    """True after a finding if reading all formulas would take long, whatever they say."""
    total = 0
    for key in _SECTIONS:
        if key not in tree.entries:
            continue
        for scalar in _formulas(tree.entries[key].value):
            total += sum(1 for _ in _TOKEN.finditer(scalar.text))
            if total > MAX_FORMULA_TOKENS:
                message = f"the formulas of this file have over {MAX_FORMULA_TOKENS:,} names, numbers and marks"
                help = "one spec describes one activation; is this the right file?"
                findings.error("ACT317", message, tree.entries[key].key.span, help)
                return True
    return False


def _formulas(tree: Tree) -> Iterator[Scalar]:
    match tree:
        case Scalar():
            yield tree
        case Items(items=items):
            for item in items:
                yield from _formulas(item)
        case Keyed(entries=entries):
            for key, entry in entries.items():
                if key not in _TEXTS:
                    yield from _formulas(entry.value)
