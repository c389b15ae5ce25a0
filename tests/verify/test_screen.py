"""Zeros that a result only touches: found by the screen, and dense in the sweep, where a fault beside one is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from actgen.formats import LAST, Array, by_ordinal, ordinals
from actgen.pipeline.stages import compile_spec
from actgen.verify.grids import grids
from actgen.verify.inputs import SWEEP
from actgen.verify.oracle import Oracle
from actgen.verify.patterns import STRIDE
from actgen.verify.screen import Columns, Key, ProgramScreen, Signs, touches

Function = Callable[[Array], Array]
SPEC = "actgen: 1\nname: bend\nexpression: {}\n"


@dataclass(frozen=True)
class Of:
    """A screen of plain functions of x, each an output."""

    functions: Sequence[Function]

    def values(self, columns: Columns) -> dict[Key, Array]:
        with np.errstate(all="ignore"):
            return {(f"y{i}", None): f(columns["x"]) for i, f in enumerate(self.functions)}

    def signs(self, columns: Columns) -> Signs:
        return np.zeros((1, len(columns["x"])), dtype=np.int8)


def touched(*functions: Function, most: int = 12) -> list[float]:
    found = touches(Of(functions), {}, "x", range(-LAST, LAST + 1, 8 * STRIDE), most)
    return by_ordinal(np.array(found, dtype=np.int64)).tolist()


def square(x: Array) -> Array:
    return (x - 1.3) ** 2


def under(x: Array) -> Array:
    return -(np.log(np.abs(x)) ** 2)


def test_a_touched_zero_is_found_to_a_float_or_two() -> None:
    (place,) = touched(square)
    assert abs(ordinals(np.array(place)) - ordinals(np.array(1.3))) <= 2


def test_also_from_below_and_on_both_sides_of_nothing() -> None:
    assert sorted(touched(under)) == pytest.approx([-1, 1], abs=1e-6)


def test_those_of_ordinary_size_come_first_and_no_more_than_wanted() -> None:
    assert sorted(touched(lambda x: 1 + np.cos(x), most=4)) == pytest.approx(np.pi * np.array([-3, -1, 1, 3]), abs=1e-3)


@pytest.mark.parametrize(
    "function",
    [np.exp, np.tanh, np.ones_like, lambda x: x * x + 1e-3, lambda x: np.maximum(x - 1, 0) ** 2],
    ids=["exp", "tanh", "1", "lifted", "flat"],
)
def test_none_where_nothing_is_touched(function: Function) -> None:
    assert touched(function) == []


def test_zeros_that_are_crossed_take_no_room() -> None:
    crossings = [lambda x, k=k: np.tanh(x - k) for k in np.linspace(1.2, 1.4, 50)]
    assert touched(*crossings) == []
    assert touched(*crossings, square, most=1) == pytest.approx([1.3], abs=1e-6)


@pytest.mark.parametrize(("formula", "place"), [("x + sin(x)", np.pi), ("(x - 1.3)**2 * tanh(x)", 1.3)])
def test_the_sweep_is_dense_there_and_the_oracle_is_asked(tmp_path: Path, formula: str, place: float) -> None:
    spec = tmp_path / "bend.yaml"
    spec.write_text(SPEC.format(f"'{formula}'"), encoding="utf-8")
    unit = compile_spec(spec).unit
    assert unit is not None
    sets = {d.name: d for d in grids(unit.activation, Oracle(unit.activation), {}, ProgramScreen(unit.program))}
    data, at = sets[SWEEP], int(ordinals(np.array(place)))
    inputs = data.columns["x"]
    near = ordinals(inputs[np.abs(inputs - place) < 1e-3])
    assert np.isin(np.arange(at - 1_000, at + 1_001), near).all()
    asked = ordinals(inputs[data.checked])
    assert np.isin(at, asked)
