"""The limit at the edge of a domain that parameters do not move."""

from __future__ import annotations

import math

import numpy as np
import pytest
from spec_units import spec, unit

from actgen.program.evaluate import evaluate_numpy

_BOUNDED = "parameters: {b: {init: 1, bounds: [0.05, 20]}}\nexpression: log(exp(b*x) - 1)/b"
_EITHER_SIGN = "parameters: {b: 1}\nexpression: log(exp(b*x) - 1)"
_CONFLICT = "parameters: {b: 1}\nexpression: b*sqrt(x)"


@pytest.mark.parametrize("b", [0.05, 1.0, 7.5])
def test_the_bounds_of_a_parameter_decide_its_sign(b: float) -> None:
    program = unit(spec(_BOUNDED)).program
    values, partials = evaluate_numpy(program, {"x": np.array([0.0, -0.0]), "b": np.full(2, b)})
    assert values["y"].tolist() == [-math.inf] * 2
    assert partials["y", "x"].tolist() == [math.inf] * 2
    assert partials["y", "b"].tolist() == [math.inf] * 2


def test_a_parameter_of_either_sign_must_have_the_same_limit_for_both() -> None:
    program = unit(spec(_EITHER_SIGN)).program
    at = {"x": np.array([0.0, -0.0, 0.0]), "b": np.array([1.0, 1.0, -1.0])}
    values, _ = evaluate_numpy(program, at)
    assert values["y"].tolist() == [-math.inf] * 3


def test_limits_that_differ_by_the_sign_stay_with_the_formula() -> None:
    program = unit(spec(_CONFLICT)).program
    _, partials = evaluate_numpy(program, {"x": np.zeros(2), "b": np.array([2.0, -2.0])})
    assert partials["y", "x"].tolist() == [math.inf, -math.inf]
    assert partials["y", "b"].tolist() == [0, 0]
