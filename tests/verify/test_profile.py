"""Profiles: the worst error of each bin of floats, and where results are of a wrong kind."""

from __future__ import annotations

import numpy as np

from actgen.formats import FORMATS, ordinals
from actgen.verify.profile import BINS, profile_of
from actgen.verify.ulp import errors


def test_the_order_of_floats() -> None:
    values = np.array([-np.inf, -1.0, -1e-45, -0.0, 0.0, 1e-45, 1.0, np.inf])
    found = ordinals(values)
    assert found.tolist() == [-0x7F800000, -0x3F800000, -1, 0, 0, 1, 0x3F800000, 0x7F800000]


def test_a_bin_has_its_worst_error_and_its_wrong_kinds() -> None:
    x = np.array([-np.inf, -1.0, -1.0000001, 1.0, 1.0000001, np.inf, np.nan, 1e-30, 1e30])
    truth = np.ones(len(x))
    got = truth.copy()
    step = 2.0**-23
    got[1:3] += 2 * step, 5 * step
    got[3] = np.nan
    got[7] = 0.0
    got[8] += 900 * step
    held = np.ones(len(x), dtype=bool)
    held[8] = False
    found = errors(got, truth, np.zeros(len(x)), FORMATS["float32"])
    profile = profile_of(x, found, held, runner="torch", form="actgen", output="y", wrt=None, dtype="float32")
    assert len(profile.worst) == len(profile.wrong) == BINS

    def at(value: float) -> int:
        return int(np.searchsorted(profile.edges, ordinals(np.array([value]))[0], side="right")) - 1

    assert profile.worst[at(-1.0)] == 5.0
    assert profile.wrong[at(1.0)]
    assert profile.worst[at(1.0)] == 0.0
    assert profile.wrong[at(1e-30)]
    assert not profile.wrong[at(-1.0)]
    assert np.isnan(profile.worst[at(1e30)])  # not held
    assert (at(-np.inf), at(np.inf)) == (0, BINS - 1)
    assert np.isfinite(profile.worst[[0, -1]]).all()
