"""What of a curve is drawn: the vertical range, breaks at poles, and no more points than the eye can tell apart."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from actgen.docs.sampling import Array, Curve, Indices


def vertical_range(curves: Sequence[Curve]) -> tuple[float, float]:
    """What the vertical axis shows: all of the curves, or their bulk where a pole would flatten everything else."""
    values = np.concatenate([c.y[np.isfinite(c.y)] for c in curves])
    if not len(values):
        return -1.0, 1.0
    low, high = float(values.min()), float(values.max())
    inner_low, inner_high = (float(v) for v in np.quantile(values, [0.03, 0.97]))
    bulk = inner_high - inner_low
    if bulk > 0 and high - low > 4 * bulk:
        low, high = max(low, inner_low - 0.25 * bulk), min(high, inner_high + 0.25 * bulk)
    if high - low < 1e-9 * max(1.0, abs(high)):
        low, high = low - 1.0, high + 1.0
    margin = 0.06 * (high - low)
    return _rounded(low - margin, high - low), _rounded(high + margin, high - low)


def _rounded(value: float, scale: float) -> float:
    """To a thousandth of the scale's power of ten, so that the last bits of a float change nothing."""
    digits = 3 - math.floor(math.log10(scale))
    return round(value, digits)


def without_poles(y: Array, low: float, high: float) -> Array:
    """NaN where a curve leaves the picture on one side and comes back on the other, and far outside."""
    span = high - low
    clipped = np.where((y > high + 2 * span) | (y < low - 2 * span), np.nan, y)
    above, below = clipped > high, clipped < low
    crossing = np.flatnonzero((above[:-1] & below[1:]) | (below[:-1] & above[1:]))
    clipped[crossing] = np.nan
    return clipped


def thinned(x: Array, y: Array, tolerance: float, horizontal: float) -> Indices:
    """Indices that keep a polyline within a tolerance (Ramer, Douglas, Peucker); breaks and their neighbours stay.

    Args:
        x: abscissae, ascending.
        y: ordinates, NaN at breaks.
        tolerance: the largest vertical deviation.
        horizontal: what counts as one pixel horizontally; steps shorter than that are kept.
    """
    keep = np.isnan(y)
    edges = np.flatnonzero(np.diff(np.concatenate(([True], keep, [True])).astype(np.int8)))
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        stack = [(int(start), int(stop) - 1)]
        keep[[start, stop - 1]] = True
        while stack:
            first, last = stack.pop()
            if last - first < 2:
                continue
            line = y[first] + (y[last] - y[first]) * (x[first : last + 1] - x[first]) / max(
                x[last] - x[first], horizontal
            )
            away = np.abs(y[first : last + 1] - line)
            worst = first + int(away.argmax())
            if away.max() > tolerance:
                keep[worst] = True
                stack += [(first, worst), (worst, last)]
    return np.flatnonzero(keep)
