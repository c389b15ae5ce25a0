"""Every script of the catalogue in Node, value and derivatives, against the oracle."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from javascript_files import results
from spec_units import SPECS, catalogue

from actgen.backends.base import Unit
from actgen.verify.oracle import Oracle
from actgen.verify.verify import breakpoints_of

NAMES = sorted(path.stem for path in SPECS.glob("*.yaml"))
CLOSE = 4e-13
"""Relative; beyond it only what the formula itself leaves uncertain where each of its steps is rounded to float64."""


def columns(unit: Unit) -> dict[str, np.ndarray]:
    """Moderate and large inputs of both signs, where pieces meet, zero, the ends; other parameters than the nominal."""
    places = breakpoints_of(unit.derivation)
    generator = np.random.default_rng(7)
    found: dict[str, np.ndarray] = {}
    sizes = np.array([1e-9, 0.013, 0.4, 0.75, 1.3, 2.2, 3.7, 6.1, 11.0, 36.0, 120.0, 700.0])
    ends = [0.0, -0.0, math.inf, -math.inf, math.nan]
    longest = max((len(places.get(i.name, ())) for i in unit.activation.inputs), default=0)
    for index, given in enumerate(unit.activation.inputs):
        own = [*places.get(given.name, ()), *([0.25] * (longest - len(places.get(given.name, ()))))]
        column = np.array([*sizes, *-sizes, *own, *ends])
        found[given.name] = column if index == 0 else generator.permutation(column)
    rows = len(next(iter(found.values())))
    for parameter in unit.activation.parameters:
        low, high = parameter.tried()
        middle = parameter.nominal.value
        found[parameter.name] = np.full(2 * rows, middle)
        found[parameter.name][rows:] = middle + 0.3 * (min(high, middle + 1) - middle) - 0.1 * (middle - max(low, middle - 1))
    doubled = 2 if unit.activation.parameters else 1
    return {name: np.tile(c, doubled) if len(c) == rows else c for name, c in found.items()}


def wrong(unit: Unit, given: Mapping[str, np.ndarray], key: tuple[str, str | None], got: np.ndarray) -> list[str]:
    """Every point at which a result is not the oracle's."""
    oracle = Oracle(unit.activation)
    truth = oracle.values(*key, given)
    found = []
    for place in np.flatnonzero(truth.decided):
        exact, value = float(truth.hi[place]), float(got[place])
        at = {name: float(column[place]) for name, column in given.items()}
        if math.isfinite(exact) and math.isfinite(value):
            error = abs(value - exact)
            good = error <= CLOSE * abs(exact) + 5e-324 or error <= 4 * oracle.blur(*key, at, 53)
        else:
            good = value == exact or (math.isnan(value) and math.isnan(exact))
        if not good:
            found.append(f"{key} at {at}: {value!r}, exactly {exact!r}")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_script_gives_the_formula_and_its_derivatives(name: str, tmp_path: Path) -> None:
    unit = catalogue(name)
    given = columns(unit)
    values, slopes = results(unit, tmp_path, given.values())
    faults = []
    for output, got in zip(unit.activation.outputs, values, strict=True):
        faults += wrong(unit, given, (output.name, None), got)
    for (output, variable), got in zip(unit.program.partials, slopes, strict=True):
        faults += wrong(unit, given, (output, variable), got)
    assert not faults, "\n".join(faults[:12])
