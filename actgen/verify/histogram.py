"""How errors are spread: counts by size."""

from __future__ import annotations

import numpy as np

from actgen.formats import Array

HISTOGRAM = (0.5, 0.6, 1.0, 4.0, 16.0, 1024.0)
"""Errors in ulps up to which results are counted."""


def histogram_of(ulps: Array) -> tuple[int, ...]:
    """How many errors lie up to each of `HISTOGRAM`, and beyond."""
    below = [int((ulps <= edge).sum()) for edge in HISTOGRAM]
    return tuple(int(n) for n in np.diff([0, *below, len(ulps)]))
