"""The judge finds what is wrong however small or far out it is, and excuses only what arithmetic cannot avoid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from actgen.activation import Activation, Bounds, Value, Via
from actgen.formats import Array
from actgen.formula import Call, Name, Number
from actgen.verify.excuses import Reason
from actgen.verify.inputs import Dataset, samples
from actgen.verify.judging import Judge
from actgen.verify.oracle import Oracle
from actgen.verify.patterns import to_format
from actgen.verify.report import Cell, Level
from actgen.verify.truths import Truths
from tests.verify.toys import activation

X, A, ONE = Name("x"), Name("a"), Number(Fraction(1))
Plant = Callable[[Mapping[str, Array], Array], Array]
"""From the columns and the right results to wrong ones."""


def gate() -> Activation:
    """y = a·tanh(x) of two inputs."""
    subject = activation()
    (variable,) = subject.inputs
    return replace(subject, inputs=(variable, replace(variable, name="a", code_name="a")), parameters=())


def difference() -> Activation:
    """y = (1 + a)·x - (1 - a)·x, with a kept from 1e-8 on."""
    terms = (Call("mul", (Call(op, (ONE, A)), X)) for op in ("add", "sub"))
    subject = activation(Call("sub", tuple(terms)))
    (parameter,) = subject.parameters
    bounds = Bounds(Value(1e-8, None, "1e-8"), Value(2.0, None, "2"))
    return replace(subject, parameters=(replace(parameter, bounds=bounds, via=Via.PROJECT),))


HALF = Number(Fraction(1, 2))
COMPUTED_EDGE = np.arctanh(0.5)
BREAKPOINTS = {"bounded": {"x": [float(COMPUTED_EDGE)]}}
SUBJECTS = {
    "bounded": activation(Call("Min", (Call("tanh", (X,)), HALF))),
    "capped": activation(Call("mul", (A, Call("Min", (X, HALF))))),
    "tanh": activation(),
    "gate": gate(),
    "line": activation(Call("mul", (A, X))),
    "sine": activation(Call("sin", (Call("mul", (A, X)),))),
    "difference": difference(),
}


@cache
def points(subject: str, dtype: str) -> tuple[Activation, Dataset, Truths]:
    """The points of a subject in a format, and the truth there."""
    chosen = SUBJECTS[subject]
    oracle = Oracle(chosen)
    data = next(d for d in samples(chosen, oracle, BREAKPOINTS.get(subject, {}), thorough=False) if d.name == dtype)
    return chosen, data, Truths(chosen, oracle)


def judged(
    name: str, dtype: str, plant: Plant, wrt: str | None = None, flushes: bool = False, examined: int = 4096
) -> Cell:
    """The cell of results that are exact but for what was planted."""
    subject, data, truths = points(name, dtype)
    right = {target: to_format(truths.table(data)["y", target].hi, dtype) for target in truths.targets}
    with np.errstate(all="ignore"):
        right[wrt] = plant(data.columns, right[wrt])
    rows = right[None] if wrt is None else np.stack([right[v] for v in truths.targets[1:]])
    mode = "function" if wrt is None else "partials"
    cells = Judge(subject, truths, examined=examined).cells("torch", flushes, data, mode, rows[None])
    return next(c for c in cells if c.wrt == wrt)


def as_it_is(columns: Mapping[str, Array], values: Array) -> Array:
    return values


def zeroed(low: float, high: float) -> Plant:
    """Results of a size between these become 0."""
    return lambda columns, values: np.where((np.abs(values) > low) & (np.abs(values) < high), 0, values)


def off(factor: float, low: float, high: float, variable: str = "x") -> Plant:
    """Results are off where a variable has a size between these."""

    def plant(columns: Mapping[str, Array], values: Array) -> Array:
        size = np.abs(columns[variable])
        return np.where((size > low) & (size < high), values * factor, values)

    return plant


def both(first: Plant, second: Plant) -> Plant:
    """One fault after the other."""
    return lambda columns, values: second(columns, first(columns, values))


@pytest.mark.parametrize("flushes", [False, True])
@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16", "float16"])
def test_rounded_truth_is_good(dtype: str, flushes: bool) -> None:
    for subject in ("tanh", "gate"):
        cell = judged(subject, dtype, as_it_is, flushes=flushes)
        assert (cell.level, cell.excused) == (Level.GOOD, ())


@pytest.mark.parametrize("flushes", [False, True])
@pytest.mark.parametrize(
    ("dtype", "wrt", "plant"),
    [
        ("float64", None, zeroed(1e-300, 1e-298)),
        ("float64", "x", zeroed(1e-304, 1e-290)),
        ("float32", None, zeroed(2e-38, 1e-36)),
        ("bfloat16", None, zeroed(2e-38, 1e-36)),
        ("bfloat16", None, off(1 + 3 * 2.0**-7, 1e-37, 1e-35)),
        ("float32", None, off(1 + 2.0**-20, 1e-38, 1e-36)),
    ],
)
def test_small_and_large_results_are_held(dtype: str, wrt: str | None, plant: Plant, flushes: bool) -> None:
    assert judged("tanh", dtype, plant, wrt, flushes).level is Level.WRONG


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
@pytest.mark.parametrize("planted", [off(1.05, 2e6, 5e8, "a"), off(-1.0, 2e6, 5e8, "a"), off(0.0, 2e6, 5e8, "a")])
def test_gates_are_held_far_out(dtype: str, planted: Plant) -> None:
    assert judged("gate", dtype, planted).level is Level.WRONG


def test_the_last_binades_are_held() -> None:
    planted = off(1.05, 2.0**125, 2.0**128)
    assert judged("line", "bfloat16", planted).level is Level.WRONG
    assert judged("line", "float32", planted).level is Level.WRONG


def test_a_sine_far_out_is_excused_and_listed_but_no_further_than_its_condition() -> None:
    def rounded_inside(columns: Mapping[str, Array], values: Array) -> Array:
        found = np.sin(columns["a"] * columns["x"])
        return np.where(np.isfinite(found), found, values)

    cell = judged("sine", "float64", rounded_inside)
    assert cell.level is not Level.WRONG
    (excused,) = cell.excused
    assert excused.reason == Reason.CONDITION.value
    assert excused.points > 0
    also_wrong = lambda columns, values: off(1.01, 1, 3)(columns, rounded_inside(columns, values))  # noqa: E731
    assert judged("sine", "float64", also_wrong).level is Level.WRONG


def test_what_is_wrong_at_the_edge_takes_no_excuse_from_others() -> None:
    def rounded_inside(columns: Mapping[str, Array], values: Array) -> Array:
        found = np.sin(columns["a"] * columns["x"])
        wrong = np.where(np.isfinite(found), found, values)
        return np.where((wrong != 0) & (np.abs(columns["x"]) < 2.0**-1030), 1.0, wrong)

    cell = judged("sine", "float64", rounded_inside, examined=16)
    assert cell.level is Level.EDGE
    assert Reason.CONDITION.value in {e.reason for e in cell.excused}


def leaking(place: float, spacings: int, factor: float = 1.0) -> Plant:
    """The slope below `place`, times `factor`, also at so many float64 numbers above it, and 0 at as many below."""

    def plant(columns: Mapping[str, Array], values: Array) -> Array:
        distance = (columns["x"] - place) / np.spacing(place)
        slope = factor * (0.75 if place == COMPUTED_EDGE else columns["a"])
        leaked = np.where((distance >= 0) & (distance <= spacings), slope, values)
        return np.where((distance < 0) & (distance >= -spacings), 0.0, leaked)

    return plant


def test_beside_a_computed_breakpoint_the_other_side_is_excused_and_listed_and_nothing_else() -> None:
    cell = judged("bounded", "float64", leaking(COMPUTED_EDGE, 1), "x")
    assert cell.level is not Level.WRONG
    assert {e.reason for e in cell.excused} == {Reason.SIDE.value}
    assert judged("bounded", "float64", leaking(COMPUTED_EDGE, 1, 1.001), "x").level is Level.WRONG


@pytest.mark.parametrize("spacings", [1, 40])
def test_beside_a_breakpoint_that_the_formula_names_nothing_is_excused(spacings: int) -> None:
    assert judged("capped", "float64", leaking(0.5, spacings), "x").level is Level.WRONG


def test_a_leak_beside_a_computed_breakpoint_is_held_in_float32() -> None:
    step = int(np.spacing(np.float32(0.5)) / np.spacing(0.5))
    assert judged("bounded", "float32", leaking(COMPUTED_EDGE, 2 * step), "x").level is Level.WRONG


def at_infinity(columns: Mapping[str, Array], values: Array) -> Array:
    return np.where(np.isinf(columns["x"]), np.nan, values)


@pytest.mark.parametrize(
    "planted", [at_infinity, off(np.nan, 2.0**512, 2.0**1000), off(np.nan, 0, 2.0**-1030)], ids=["inf", "huge", "tiny"]
)
def test_the_edge_of_the_inputs_is_a_warning_and_nothing_further_in(planted: Plant) -> None:
    cell = judged("line", "float64", planted)
    assert cell.level is Level.EDGE
    assert cell.edge is not None and cell.edge.points > 0
    assert cell.nan == 0
    both = lambda columns, values: off(1.01, 1, 3)(columns, planted(columns, values))  # noqa: E731
    worse = judged("line", "float64", both)
    assert worse.level is Level.WRONG
    assert 1 < abs(worse.where["x"]) < 3


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16", "float16"])
def test_large_inputs_short_of_the_edge_are_held(dtype: str) -> None:
    largest = {"float64": 2.0**500, "float32": 2.0**120, "bfloat16": 2.0**120, "float16": 2.0**14}[dtype]
    assert judged("line", dtype, off(np.nan, largest / 2**9, largest)).level is Level.WRONG


def test_what_cancels_at_other_parameters_is_listed_as_far_as_a_few_roundings() -> None:
    def in_steps(columns: Mapping[str, Array], values: Array) -> Array:
        found = (1 + columns["a"]) * columns["x"] - (1 - columns["a"]) * columns["x"]
        return np.where(np.isfinite(found), found, values)

    cell = judged("difference", "float64", in_steps)
    assert cell.level is not Level.WRONG
    assert Reason.CANCELLED.value in {e.reason for e in cell.excused}
    for further in (off(1 + 1e-8, 1, 3), zeroed(1e-3, 1), off(np.nan, 1, 3)):
        assert judged("difference", "float64", both(in_steps, further)).level is Level.WRONG


def test_a_negative_zero_excuses_no_subnormal_result_where_they_are_kept() -> None:
    def planted(columns: Mapping[str, Array], values: Array) -> Array:
        negative = (columns["x"] == 0) & np.signbit(columns["x"])
        return np.where(negative, 1e-310, values)

    lost_far_out = off(np.nan, 2.0**512, 2.0**1000)  # an edge, and what makes the judge look at -0.0 again
    assert judged("line", "float64", lost_far_out).level is Level.EDGE
    assert judged("line", "float64", both(planted, lost_far_out)).level is Level.WRONG


def test_nan_is_never_excused() -> None:
    planted = off(np.nan, 1e100, 1e150)
    assert judged("sine", "float64", planted).level is Level.WRONG


def test_flushed_results_are_excused_only_where_subnormal_numbers_are_flushed() -> None:
    planted = zeroed(2.3e-308, 1e-305)
    assert judged("tanh", "float64", planted).level is Level.WRONG
    cell = judged("tanh", "float64", planted, flushes=True)
    assert cell.level is Level.GOOD
    assert [e.reason for e in cell.excused] == [Reason.FLUSHED.value]
    assert judged("tanh", "float32", zeroed(1.2e-38, 1e-36), flushes=True).level is Level.WRONG


def test_a_subnormal_input_may_count_as_zero_where_they_are_flushed() -> None:
    def at_zero(columns: Mapping[str, Array], values: Array) -> Array:
        return np.where(np.abs(columns["x"]) < 2.0**-126, 0.0, values)

    assert judged("tanh", "float32", at_zero, flushes=True).level is Level.GOOD
    kept = judged("tanh", "float32", at_zero)
    assert kept.edge is not None and kept.edge.points > 10
    assert kept.level is Level.COARSE  # the smallest numbers are off by one ulp


def test_what_is_wrong_at_the_edge_does_not_hide_a_missed_goal() -> None:
    missed = judged("line", "float32", both(off(1 + 2.0**-23, 1, 3), at_infinity))
    assert missed.level is Level.COARSE
    assert missed.edge is not None and 0.6 < missed.worst <= 4
