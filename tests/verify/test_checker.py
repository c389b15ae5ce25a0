"""One wrong result among millions is found and placed, and so is a program that agrees with itself."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from actgen.backends.base import Unit
from actgen.formats import FORMATS, Array, by_ordinal, ordinals, spacing
from actgen.pipeline.stages import compile_spec
from actgen.program.program import Node, Program, arg, const, node
from actgen.verify.grids import grids
from actgen.verify.inputs import Dataset
from actgen.verify.judging import Judge
from actgen.verify.oracle import Oracle
from actgen.verify.patterns import neighbour, to_format
from actgen.verify.report import Cell, Level
from actgen.verify.screen import ProgramScreen
from actgen.verify.truths import Truths

SPEC = """\
actgen: 1
name: bend
expression: Piecewise((x, x > 0), (0.75*(exp(x) - 1), True))
"""
JUMP = """\
actgen: 1
name: bend
expression: Piecewise((x, x > 1/2), (0, True))
checks: {smoothness: {x: discontinuous}}
"""
TOUCHING = """\
actgen: 1
name: bend
expression: x + sin(x)
"""
GRIDS = ("every bfloat16", "every float16", "sweep of float32")
Plant = Callable[[Array, Array], Array]
"""From the inputs and the right results to wrong ones."""


@dataclass(frozen=True)
class Subject:
    judge: Judge
    data: Mapping[str, Dataset]
    right: Mapping[tuple[str, str | None], Array]

    def cell(self, name: str, wrt: str | None, plant: Plant, flushes: bool = False) -> Cell:
        data = self.data[name]
        wrong = plant(data.columns["x"], self.right[name, wrt])
        rows = wrong[None] if wrt is None else wrong[None, None]
        (cell,) = self.judge.cells("torch", flushes, data, "function" if wrt is None else "partials", rows)
        return cell


@cache
def unit(spec: str = SPEC) -> Unit:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bend.yaml"
        path.write_text(spec, encoding="utf-8")
        found = compile_spec(path).unit
    assert found is not None
    return found


def subject_of(made: Unit, screen: Program, measured: Program | None = None, breakpoint: float = 0.0) -> Subject:
    """Results are the truth, rounded; or those of a program, whatever the truth is."""
    oracle, screened = Oracle(made.activation), ProgramScreen(screen)
    data = {d.name: d for d in grids(made.activation, oracle, {"x": [breakpoint]}, screened)}
    truths = Truths(made.activation, oracle, screened)
    right = {}
    for name, dataset in data.items():
        results = ProgramScreen(measured).values(dataset.columns) if measured else None
        for wrt in truths.targets:
            wide = results["y", wrt] if results else truths.table(dataset)["y", wrt].hi
            right[name, wrt] = to_format(wide, dataset.dtype)
    return Subject(Judge(made.activation, truths), data, right)


@cache
def subject() -> Subject:
    return subject_of(unit(), unit().program)


@cache
def jump() -> Subject:
    return subject_of(unit(JUMP), unit(JUMP).program, breakpoint=0.5)


def unchecked(data: Dataset, low: float, high: float) -> int:
    """The first place between two numbers at which the oracle was not asked."""
    x = data.columns["x"]
    free = np.setdiff1d(np.flatnonzero((x > low) & (x < high)), data.checked)
    return int(free[len(free) // 2])


def as_it_is(x: Array, values: Array) -> Array:
    return values


@pytest.mark.parametrize("wrt", [None, "x"])
@pytest.mark.parametrize("name", GRIDS)
def test_right_results_are_good(name: str, wrt: str | None) -> None:
    cell = subject().cell(name, wrt, as_it_is)
    assert cell.level is Level.GOOD
    assert cell.points >= (65_536 if name != "sweep of float32" else 2_100_000)
    assert 0.45 < cell.worst <= 0.5 + 1e-9


def test_the_screen_is_held_at_twenty_thousand_points_of_every_binade_and_sign() -> None:
    total = 0
    for data in subject().data.values():
        assert data.checked is not None
        total += len(data.checked)
    assert total >= 20_000
    sweep = subject().data["sweep of float32"]
    reached = sweep.columns["x"][sweep.checked]
    reached = reached[np.isfinite(reached) & (reached != 0)]
    _, exponents = np.frexp(reached)
    pairs = set(zip(np.sign(reached).tolist(), exponents.tolist(), strict=True))
    normal = FORMATS["float32"].lowest + 1
    assert {(s, e) for s in (-1.0, 1.0) for e in range(normal, 1 - FORMATS["float32"].lowest)} <= pairs
    assert {0.0, np.inf, -np.inf} <= set(sweep.columns["x"][sweep.checked].tolist())


@pytest.mark.parametrize("wrt", [None, "x"])
@pytest.mark.parametrize("size", [1, 3, 10])
@pytest.mark.parametrize("name", GRIDS)
def test_one_result_that_is_off_by_some_ulps(name: str, size: int, wrt: str | None) -> None:
    data = subject().data[name]
    place = unchecked(data, -2.0, -1.0)

    def plant(x: Array, values: Array) -> Array:
        step = spacing(values[place], FORMATS[data.dtype])
        return np.where(np.arange(len(x)) == place, values + size * step, values)

    cell = subject().cell(name, wrt, plant)
    assert size - 0.5 <= cell.worst <= size + 0.5
    assert cell.where["x"] == data.columns["x"][place]
    assert cell.level is not Level.GOOD
    if cell.worst > {"float32": 4, "bfloat16": 1, "float16": 1}[data.dtype]:
        assert cell.level is Level.WRONG


@pytest.mark.parametrize("wrt", [None, "x"])
@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize(
    ("kind", "change"),
    [("nan", lambda y: np.nan), ("sign", lambda y: -y), ("zeroed", lambda y: 0.0), ("infinite", lambda y: np.inf)],
)
def test_one_result_of_a_wrong_kind(kind: str, change: Callable[[float], float], name: str, wrt: str | None) -> None:
    data = subject().data[name]
    place = unchecked(data, -4.0, -3.0)

    def plant(x: Array, values: Array) -> Array:
        return np.where(np.arange(len(x)) == place, change(values[place]), values)

    cell = subject().cell(name, wrt, plant)
    assert cell.level is Level.WRONG
    assert getattr(cell, kind) == 1
    assert cell.where["x"] == data.columns["x"][place]


@pytest.mark.parametrize("name", GRIDS)
def test_a_number_where_nan_goes_in(name: str) -> None:
    cell = subject().cell(name, "x", lambda x, values: np.where(np.isnan(x), 1.0, values))
    assert cell.level is Level.WRONG
    assert cell.finite == np.isnan(subject().data[name].columns["x"]).sum()


@pytest.mark.parametrize("name", GRIDS)
def test_a_flushed_subnormal_number(name: str) -> None:
    data = subject().data[name]
    tiny = FORMATS[data.dtype].tiny
    place = unchecked(data, tiny / 4, tiny / 2)

    def plant(x: Array, values: Array) -> Array:
        return np.where(np.arange(len(x)) == place, 0.0, values)

    cell = subject().cell(name, None, plant)
    assert cell.level is Level.EDGE  # the input is subnormal itself
    assert cell.edge is not None
    assert (cell.edge.points, cell.edge.where["x"]) == (1, data.columns["x"][place])
    assert cell.edge.ulps > 30
    if data.dtype != "float16":  # computed in float32, where its subnormal numbers are normal
        assert subject().cell(name, None, plant, flushes=True).level is Level.GOOD


@pytest.mark.parametrize("name", GRIDS)
def test_a_leak_of_the_other_slope_beside_the_breakpoint(name: str) -> None:
    beside = neighbour(0.0, FORMATS[subject().data[name].dtype], 1)
    cell = subject().cell(name, "x", lambda x, values: np.where(x == beside, 0.75, values))
    assert cell.level is Level.EDGE  # the input is subnormal
    assert cell.edge is not None
    assert cell.edge.ulps > 20
    assert cell.edge.where["x"] == beside


@pytest.mark.parametrize(("wrt", "other"), [(None, 0.0), ("x", 0.0)])
@pytest.mark.parametrize("name", GRIDS)
def test_a_leak_of_the_other_value_beside_a_jump(name: str, wrt: str | None, other: float) -> None:
    beside = neighbour(0.5, FORMATS[jump().data[name].dtype], 1)
    cell = jump().cell(name, wrt, lambda x, values: np.where(x == beside, other, values))
    assert cell.level is Level.WRONG
    assert cell.zeroed == 1
    assert cell.where["x"] == beside
    assert jump().cell(name, wrt, as_it_is).level is Level.GOOD


def wrong_between(low: float, high: float, factor: float) -> Program:
    """The program, with results that are off in an interval."""
    x = arg("x")
    inside = node("and", node("lt", const(low), x), node("lt", x, const(high)))

    def bent(root: Node) -> Node:
        return node("where", inside, node("mul", root, const(factor)), root)

    right = unit().program
    return replace(
        right,
        forward={k: bent(n) for k, n in right.forward.items()},
        partials={k: bent(n) for k, n in right.partials.items()},
    )


@pytest.mark.parametrize("wrt", [None, "x"])
@pytest.mark.parametrize("name", GRIDS)
def test_a_wrong_program_that_agrees_with_itself(name: str, wrt: str | None) -> None:
    wrong = wrong_between(1.25, 1.5, 1.03)
    cell = subject_of(unit(), wrong, measured=wrong).cell(name, wrt, as_it_is)
    assert cell.level is Level.WRONG
    assert 1.25 < cell.where["x"] < 1.5


@pytest.mark.parametrize("wrt", [None, "x"])
def test_a_program_that_is_wrong_in_no_more_than_a_thousand_numbers(wrt: str | None) -> None:
    start = int(ordinals(np.array(1.3)))
    low, high = by_ordinal(np.array([start, start + 1_000], dtype=np.int64)).tolist()
    wrong = wrong_between(low, high, 1 + 1e-5)
    cell = subject_of(unit(), wrong, measured=wrong).cell("sweep of float32", wrt, as_it_is)
    assert cell.level is Level.WRONG
    assert low < cell.where["x"] < high


def test_right_files_are_not_blamed_for_a_wrong_screen() -> None:
    wrong = wrong_between(1.25, 1.5, 1.03)
    cell = subject_of(unit(), wrong, measured=unit().program).cell("sweep of float32", None, as_it_is)
    assert cell.level is Level.GOOD
    assert cell.points >= 2_000_000


@pytest.mark.parametrize("shared", [False, True])
def test_digits_that_cancel_beside_a_zero_that_is_touched(shared: bool) -> None:
    made = unit(TOUCHING)
    naive = replace(made.program, partials={("y", "x"): node("add", const(1), node("cos", arg("x")))})
    cell = subject_of(made, naive if shared else made.program, naive).cell("sweep of float32", "x", as_it_is)
    assert cell.level is Level.WRONG
    assert cell.worst > 1e5
    turns = cell.where["x"] / np.pi
    assert abs(turns - round(turns)) < 1e-6
    right = subject_of(made, made.program, made.program).cell("sweep of float32", "x", as_it_is)
    assert right.level is Level.GOOD


def test_a_fault_in_a_few_hundred_numbers_beside_a_zero_that_is_touched() -> None:
    made = unit(TOUCHING)
    subject = subject_of(made, made.program)

    def plant(inputs: Array, right: Array) -> Array:
        return np.where(np.abs(inputs - np.pi) < 300 * 2.0**-22, right * (1 + 1e-4), right)

    cell = subject.cell("sweep of float32", "x", plant)
    assert cell.level is Level.WRONG
    assert cell.where["x"] == pytest.approx(np.pi, abs=300 * 2.0**-22)
    assert subject.cell("sweep of float32", "x", as_it_is).level is Level.GOOD
