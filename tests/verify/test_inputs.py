"""Where activations are tested: notable places are among the points, and the points are the same every time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from actgen.activation import Activation, Bounds, Via
from actgen.formats import LAST, by_ordinal, ordinals
from actgen.formula import Call, Compare, Formula, Logic, Name
from actgen.verify.grids import grids
from actgen.verify.inputs import Dataset, samples
from actgen.verify.oracle import Oracle
from actgen.verify.parameters import parameter_sets
from actgen.verify.patterns import STRIDE, to_format
from tests.verify.test_oracle import number, pieces
from tests.verify.toys import activation, constant

X, A = Name("x"), Name("a")


def points(
    subject: Activation, breakpoints: Mapping[str, Sequence[float]] = MappingProxyType({})
) -> tuple[Dataset, ...]:
    return samples(subject, Oracle(subject), breakpoints, thorough=False)


def whole(subject: Activation, breakpoints: Mapping[str, Sequence[float]] = MappingProxyType({})) -> dict[str, Dataset]:
    return {d.name: d for d in grids(subject, Oracle(subject), breakpoints, None)}


def kinked() -> Formula:
    inner = pieces((X, Compare("==", A, number("0.25"))), (Call("mul", (A, X)), Logic("true")))
    return Call("clip", (inner, number("-1"), number("3")))


def test_points_hold_breakpoints_with_their_neighbours_and_the_ends() -> None:
    for data in points(activation(kinked()), {"x": [0.7]}):
        values = set(data.columns["x"].tolist())
        assert {0.0, 3.0, -1.0, math.inf, -math.inf} <= values
        assert float(to_format(np.array(0.7), data.dtype)) in values
        assert any(math.isnan(v) for v in values)
        if data.dtype == "float32":
            assert {float(np.nextafter(np.float32(3), np.float32(s))) for s in (0, 9)} <= values


def test_points_are_of_their_format_and_reproducible() -> None:
    first, again = (points(activation()) for _ in range(2))
    for one, other in zip(first, again, strict=True):
        for name, column in one.columns.items():
            assert np.array_equal(column, other.columns[name], equal_nan=True)
            assert np.array_equal(column, to_format(column, one.dtype), equal_nan=True)


def test_all_16_bit_inputs_are_there() -> None:
    found = whole(activation())
    assert found["every bfloat16"].size == found["every float16"].size == 65536


def test_the_sweep_is_dense_beside_every_place_that_matters() -> None:
    values = whole(activation(kinked()), {"x": [0.7]})["sweep of float32"].columns["x"]
    found = np.unique(values[np.isfinite(values)])
    assert len(found) > 2_100_000
    for place in (0.7, 3.0, -1.0, 0.0, 2.0**-126, -(2.0**-126)):
        middle = int(ordinals(np.array(np.float32(place))))
        assert np.isin(by_ordinal(np.arange(middle - 1_500, middle + 1_501)), found).all()
    assert np.isin(by_ordinal(np.arange(LAST - 1_500, LAST)), found).all()
    assert np.isinf(values).sum() == 2 and np.isnan(values).sum() == 1
    assert (np.diff(ordinals(found)) <= STRIDE).all()


def test_every_notable_parameter_meets_the_whole_range() -> None:
    subject = activation(kinked())
    sets = {s["a"] for s in parameter_sets(subject, Oracle(subject), "float32", 16)[1:]}
    data = whole(subject)["float32 at other parameters"]
    for a in np.unique(data.columns["a"]):
        x = data.columns["x"][data.columns["a"] == a]
        assert len(x) > 4_000 and x.min() < -1e38 and x.max() > 1e38
    kept = {a for a in sets if not 0 < abs(a) < 2.0**-126}
    assert set(data.columns["a"].tolist()) == kept and len(kept) > 16


def test_no_parameter_vanishes_in_a_narrow_format() -> None:
    subject = activation(Call("div", (X, A)))
    (parameter,) = subject.parameters
    limits = Bounds(constant("1e-30"), constant("2"))
    bounded = replace(subject, parameters=(replace(parameter, bounds=limits, via=Via.PROJECT),))
    assert 0.0 not in {s["a"] for s in parameter_sets(bounded, Oracle(bounded), "float16", 6)}


def test_parameter_sets_hold_removable_points_zero_and_ends() -> None:
    subject = activation(kinked())
    values = {s["a"] for s in parameter_sets(subject, Oracle(subject), "float64", 6)}
    assert {1.5, 0.0, 5e-324, 0.25, math.nextafter(0.25, 1)} <= values
    assert len(values) > 12
    (parameter,) = subject.parameters
    limits = Bounds(constant("0.5"), constant("2"))
    for via, ends in ((Via.PROJECT, True), (Via.SIGMOID, False)):
        bounded = replace(subject, parameters=(replace(parameter, bounds=limits, via=via),))
        limited = {s["a"] for s in parameter_sets(bounded, Oracle(bounded), "float64", 6)}
        assert ({0.5, 2.0} <= limited) is ends
        assert all(0.5 <= a <= 2 for a in limited)


def test_zero_is_left_out_where_the_formula_degenerates() -> None:
    subject = activation(Call("div", (X, A)))
    assert 0.0 not in {s["a"] for s in parameter_sets(subject, Oracle(subject), "float64", 6)}


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16", "float16"])
def test_several_inputs_meet_each_others_moderate_values(dtype: str) -> None:
    subject = activation(Call("mul", (X, Call("sigmoid", (A,)))))
    (variable,) = subject.inputs
    gate = replace(subject, inputs=(variable, replace(variable, name="a", code_name="a")), parameters=())
    data = next(d for d in points(gate) if d.name == dtype)
    columns = data.columns
    wild = [~np.isfinite(c) for c in columns.values()]
    assert wild[0].any() and wild[1].any()
    assert not (wild[0] & wild[1]).any()
