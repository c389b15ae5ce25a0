"""Errors over the whole range of float32: the worst in each of many bins, which hold equally many floats."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from actgen.formats import LAST, Array, ordinals
from actgen.verify.ulp import Errors, Mask

BINS = 512


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """One result in one form, bin by bin.

    Attributes:
        runner: `torch`, `jax`, `keras[tensorflow]`, …
        form: `actgen`, `textbook` or `built-in`.
        output: which.
        wrt: the variable of the derivative; None is the value.
        dtype: the format of the results.
        edges: places in the order of floats (0 is 0, 1 the smallest positive one, -1 …), one more than bins.
        worst: the largest finite error of each bin in ulps; NaN where nothing was compared.
        wrong: in which bins a result is of a wrong kind: NaN, infinite, zeroed or of the wrong sign.
        name: what the form is called, if it has a name of its own.
    """

    runner: str
    form: str
    output: str
    wrt: str | None
    dtype: str
    edges: npt.NDArray[np.int64]
    worst: Array
    wrong: Mask
    name: str = ""


def profile_of(
    values: Array, found: Errors, held: Mask, *, runner: str, form: str, output: str, wrt: str | None, dtype: str
) -> Profile:
    """The profile over a column of float32 inputs, in any order.

    Args:
        values: the (first) input.
        found: the errors at these points.
        held: which of the points count.
        runner: see `Profile`, as for the rest.
        form: of what.
        output: which.
        wrt: the variable of the derivative, or None.
        dtype: the format of the results.
    """
    edges = np.linspace(-LAST, LAST, BINS + 1).astype(np.int64)
    edges[-1] += 1
    given = np.flatnonzero(held & ~np.isnan(values))
    bins = np.searchsorted(edges, ordinals(values[given]), side="right") - 1
    ulps = found.ulps[given]
    finite = np.isfinite(ulps)
    worst = np.full(BINS, -1.0)
    np.maximum.at(worst, bins[finite], ulps[finite])
    kinds = found.wrong[given]
    wrong = np.zeros(BINS, dtype=bool)
    wrong[bins[kinds]] = True
    return Profile(runner, form, output, wrt, dtype, edges, np.where(worst < 0, np.nan, worst), wrong)
