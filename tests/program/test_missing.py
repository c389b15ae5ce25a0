"""NaN in, NaN out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from spec_units import spec, unit

from actgen.program.evaluate import evaluate_numpy


@pytest.mark.parametrize("p", [0.0, 1.0, 2.0])
def test_nan_to_the_power_of_nothing_is_still_nan(p: float) -> None:
    program = unit(spec("parameters: {p: 0.75}\nexpression: sign(x)*Abs(x)**p + x")).program
    outputs, partials = evaluate_numpy(program, {"x": np.array([math.nan]), "p": np.array([p])})
    assert all(np.isnan(v).all() for v in (*outputs.values(), *partials.values()))
