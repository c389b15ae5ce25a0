"""Prints `test_<name>.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actgen.backends.base import Unit
from actgen.emit.header import origin
from actgen.emit.templates import render
from actgen.program.program import topological
from actgen.selfcheck.table import Row, literals, table

_CHECKED = frozenset({"torch", "keras", "jax"})
"""What a Python module can check."""

_ROUGH = frozenset({"gamma", "lgamma", "digamma", "polygamma"})


def files(unit: Unit, targets: Sequence[str]) -> Mapping[str, str]:
    """The test module, by name; nothing where it would have nothing to check.

    Args:
        unit: what to test.
        targets: the backends whose files lie beside it.
    """
    if not _CHECKED.intersection(targets):
        return {}
    activation = unit.activation
    rough = any(node.op in _ROUGH for node in topological(unit.program.roots()))
    narrow = unit.composite == "float32"
    context = {
        "header": origin(activation.source.file_name, activation.source.sha256),
        "name": activation.name,
        "title": activation.title,
        "targets": tuple(t for t in targets if t in _CHECKED),
        "labels": [_labels(o.code_name, [v.code_name for v in activation.variables]) for o in activation.outputs],
        "rows": [_row(row) for row in table(activation)],
        "tolerance": "1e-5" if rough else "1e-9",
        "single": "1e-4" if narrow else "1e-5" if rough else "2.5e-7",
        "least": "1e-6" if narrow else "1e-12",
    }
    return {f"test_{activation.name}.py": render("check/test_module.py.j2", context)}


def _labels(output: str, variables: Sequence[str]) -> str:
    labels = (output, *(f"d{output}/d{variable}" for variable in variables))
    return "(" + ", ".join(f'"{label}"' for label in labels) + ")"


def _row(row: Row) -> tuple[str, tuple[str, ...]]:
    return literals(row.arguments), tuple(map(literals, row.results))
