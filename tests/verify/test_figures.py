"""The figures in short."""

import math
from typing import Any

import pytest

from actgen.verify.figures import figures
from actgen.verify.report import Cell, FrameworkResult, Level, Report, Status


def cell(**changes: Any) -> Cell:
    return Cell(
        **{
            "runner": "torch",
            "output": "y",
            "wrt": None,
            "dtype": "float32",
            "dataset": "float32",
            "mode": "function",
            "profile": "ieee",
            "points": 10,
            "worst": 0.5,
            "where": {"x": 1.5, "a": 2.0},
            "got": 1.0,
            "truth": 1.0,
            **dict.fromkeys(("nan", "infinite", "finite", "zeroed", "sign"), 0),
            "edge": None,
            "excused": (),
            "level": Level.GOOD,
            **changes,
        }
    )


def report(*cells: Cell) -> Report:
    results = (FrameworkResult("torch", Status.PASSED, cells=cells),)
    return Report(activation="f", frameworks=results, agreements=(), claims=(), diagnostics=())


def test_a_figure_has_the_worst_of_its_runner_and_format() -> None:
    far = {"x": 3.0, "a": 0.25}
    cells = [
        cell(),
        cell(worst=0.75, where=far),
        cell(wrt="a", mode="partials", worst=0.25),
        cell(wrt="x", mode="backward", worst=0.375, points=8),
        cell(wrt="x", mode="autograd", worst=99.0, nan=3),
        cell(dtype="float16", dataset="float16", points=7),
        cell(dtype="float16", dataset="every float16", points=100),
    ]
    single, half = figures(report(*cells), {"a": 2.0})
    assert (single.runner, single.dtype, single.points, half.points) == ("torch", "float32", 10, 107)
    assert single.value is not None and single.derivative is not None
    assert (single.value.of, single.value.ulps, single.value.where) == ("y", 0.75, far)
    assert single.value.place == "x = 3, a = 0.25"
    assert (single.derivative.of, single.derivative.ulps) == ("∂y/∂x", 0.375)
    assert half.derivative is None


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16", "float16"])
def test_a_parameter_at_its_nominal_value_in_the_format_is_left_out(dtype: str) -> None:
    stored = {"float64": 0.1, "float32": 0.10000000149011612, "bfloat16": 0.10009765625, "float16": 0.0999755859375}
    (figure,) = figures(report(cell(dtype=dtype, where={"x": -2.0, "a": stored[dtype]})), {"a": 0.1})
    assert figure.value is not None
    assert figure.value.place == "x = -2"


@pytest.mark.parametrize("kind", ["nan", "infinite", "finite", "zeroed", "sign"])
def test_a_result_of_a_wrong_kind_is_the_worst(kind: str) -> None:
    (figure,) = figures(report(cell(worst=3.0), cell(where={"x": math.inf, "a": 2.0}, **{kind: 1})), {"a": 2.0})
    assert figure.value is not None
    assert (figure.value.ulps, figure.value.place) == (math.inf, "x = inf")
