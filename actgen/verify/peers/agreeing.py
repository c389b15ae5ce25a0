"""Whether a framework's function is the activation that a spec describes: by its values, not by its name."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from actgen.activation import Activation
from actgen.formats import Array
from actgen.verify.inputs import Dataset
from actgen.verify.oracle import Truth
from actgen.verify.peers.built_ins import HOMES, BuiltIn, built_in

ORDINARY = "ordinary"
_FEW = 32
_GOLDEN = 0.6180339887498949


def ordinary(activation: Activation) -> Dataset:
    """Some hundred inputs of ordinary size at the nominal parameters, none of them at a breakpoint that has a name."""
    even = np.linspace(-10.0, 10.0, 161) + 0.05 * _GOLDEN
    sizes = np.geomspace(1e-3, 90.0, 48) * (1 + 1e-3 * _GOLDEN)
    grid = np.concatenate([even, sizes, -sizes])
    columns = {v.name: np.roll(grid, 71 * place) for place, v in enumerate(activation.inputs)}
    nominal = {name: np.full(len(grid), value) for name, value in activation.nominal().items()}
    return Dataset(ORDINARY, "float64", {**columns, **nominal})


def candidate(activation: Activation, framework: str) -> tuple[BuiltIn | None, str]:
    """The framework's function that may be this activation at its nominal parameters; else why there is none."""
    row = built_in(framework, activation.name)
    if row is None:
        return None, f"{HOMES[framework]} has no function that is known as {activation.name}"
    if len(activation.outputs) != 1 or len(activation.inputs) != (2 if row.gate else 1):
        return None, f"{called(framework, row)} has other inputs or outputs than this {activation.name}"
    nominal = activation.nominal()
    for name, value in row.holds.items():
        if nominal.get(name, value) != value:
            return None, f"{called(framework, row)} is {activation.name} at {name} = {value:g} only"
    return row, ""


def called(framework: str, row: BuiltIn) -> str:
    """The full name of a function."""
    options = ", ".join(f"{k}={v!r}" for k, v in row.options.items())
    return f"{HOMES[framework]}.{row.public}{f'({options})' if options else ''}"


def disagreement(row: BuiltIn, name: str, got: Array, truth: Truth, points: Dataset) -> str:
    """Empty if a function's float64 values at ordinary points are the formula's; else where they are not.

    An interval where the formula has no value says nothing; so few places where it has one say nothing either.
    """
    known = truth.decided & np.isfinite(truth.hi)
    if known.sum() < _FEW:
        return f"{name} was not compared: the formula has values at {known.sum()} ordinary points only"
    with np.errstate(invalid="ignore"):
        excess = np.abs(got - truth.hi) / (row.tolerance * np.maximum(1.0, np.abs(truth.hi)))
    excess = np.where(known, np.where(np.isnan(excess), np.inf, excess), 0.0)
    worst = int(np.argmax(excess))
    if excess[worst] <= 1:
        return ""
    at = ", ".join(f"{n} = {v:.6g}" for n, v in _inputs(points.at(worst), points, row).items())
    return f"{name} is another function: {got[worst]:.6g} at {at}, where the formula is {truth.hi[worst]:.6g}"


def _inputs(at: Mapping[str, float], points: Dataset, row: BuiltIn) -> Mapping[str, float]:
    return dict(list(at.items())[: 2 if row.gate else 1])
