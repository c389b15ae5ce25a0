"""How a built-in and a generated function are compared: on which inputs, and how far apart they may be.

Used inside the child processes; knows numpy and no framework.
"""

from __future__ import annotations

import importlib.util
import json
import keyword
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
from builtin_table import BUILT_INS, BuiltIn

Results = tuple[np.ndarray, ...]  # the value, then the derivative by each input

_POINTS = 601
_ABSOLUTE = 4e-15  # what a built-in loses where it cancels, on the intervals of the table


def inputs(row: BuiltIn) -> tuple[np.ndarray, ...]:
    """One float64 array for each input; no grid point is a breakpoint of any built-in."""
    grid = np.linspace(row.low + 1.7e-3, row.high - 2.9e-3, _POINTS)
    return (3 * np.sin(7 * grid), grid) if row.gate else (grid,)


def code_names(parameters: dict[str, float]) -> dict[str, float]:
    """Parameters under the names that the generated code gives them."""
    return {f"{name}_" if keyword.iskeyword(name) else name: value for name, value in parameters.items()}


def module_file(folder: Path, spec: str, framework: str) -> Path:
    """Where the generated module of one spec lies."""
    return folder / f"{spec}_{framework}.py"


def load(folder: Path, spec: str, framework: str) -> ModuleType:
    """The generated module of one spec, from its file alone."""
    name = f"{spec}_{framework}"
    found = importlib.util.spec_from_file_location(name, module_file(folder, spec, framework))
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    return module


def complaint(row: BuiltIn, ours: Results, theirs: Results) -> str:
    """Empty where everything agrees, else what differs most, and where."""
    for what, a, b in zip(("value", "first derivative", "second derivative"), ours, theirs, strict=False):
        a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
        excess = np.abs(a - b) / (row.tolerance * np.abs(b) + _ABSOLUTE)
        worst = int(np.argmax(np.where(np.isnan(excess), np.inf, excess)))
        if not excess[worst] <= 1:
            at = tuple(float(x[worst]) for x in inputs(row))
            return f"{what} at {at}: generated {a[worst]!r}, built-in {b[worst]!r}"
    return ""


def report(framework: str, folder: Path, compare: Callable[[ModuleType, BuiltIn], Sequence[Results]]) -> None:
    """Compares every row of a framework's table and prints label to complaint as JSON, on the last line."""
    found = {}
    for row in BUILT_INS[framework]:
        if not module_file(folder, row.spec, framework).exists():
            found[row.label] = f"{row.spec} was not compiled"
            continue
        ours, theirs = compare(load(folder, row.spec, framework), row)
        found[row.label] = complaint(row, ours, theirs)
    print(json.dumps(found))
