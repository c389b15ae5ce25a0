"""Errors beside zeros that move with a parameter: counted in ulps of the largest addend, not of what is left of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from actgen.formats import Array, Format, spacing
from actgen.verify.inputs import Dataset

Addends: TypeAlias = Callable[[Dataset, tuple[str, str | None]], Array | None]
"""The size of the largest addend of a result at each point, by dataset and result; None where no zero moves."""


def ulps_of_addends(sizes: Array, values: Array, hi: Array, lo: Array | float, form: Format) -> Array:
    """The distance from the truth hi + lo in ulps of the addends, inf where there is none.

    The sizes are rounded to the format first: whether one is the last number of float64 below a power of two, or that
    power, is for the machine's own exponential to say.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        rounded = np.float32(sizes).astype(np.float64) if form.bits <= 24 else sizes
        finite = np.isfinite(rounded) & np.isfinite(values) & np.isfinite(hi)
        error = np.abs((values - hi) - lo) / spacing(np.where(finite, rounded, 0.0), form)
        return np.where(finite, error, np.inf)
