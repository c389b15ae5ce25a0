"""k·x^e at x = 0 with an exponent that is known when the program runs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from spec_units import spec, unit

from actgen.program.adjoints import adjoints
from actgen.program.evaluate import evaluate_numpy

_SIGNED = "parameters: {p: 0.75}\nexpression: sign(x)*Abs(x)**p"


@pytest.mark.parametrize(("p", "slope"), [(0.25, math.inf), (1.0, 1.0), (1.5, 0.0), (0.0, 0.0), (-0.5, -math.inf)])
def test_the_slope_at_0_is_chosen_by_the_exponent(p: float, slope: float) -> None:
    program = unit(spec(_SIGNED)).program
    _, partials = evaluate_numpy(program, {"x": np.array([0.0, -0.0]), "p": np.full(2, p)})
    assert partials["y", "x"].tolist() == [slope, slope]


def test_the_choice_has_no_slope_of_its_own_that_is_nan() -> None:
    program = unit(spec(_SIGNED)).program
    at = {"x": np.array([-1.25, 0.0, 2.5]), "p": np.full(3, 0.75)}
    slopes = adjoints(program.partials["y", "x"], at).values()
    assert all(np.all(np.isfinite(slope)) for slope in slopes)


def test_a_point_without_a_value_has_no_slope_in_the_exponent() -> None:
    program = unit(spec(_SIGNED)).program
    values, partials = evaluate_numpy(program, {"x": np.zeros(1), "p": np.full(1, -0.5)})
    assert np.isnan(values["y"]).all() and np.isnan(partials["y", "p"]).all()
