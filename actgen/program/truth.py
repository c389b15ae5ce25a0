"""Exact values of plain nodes at sample points, by balls whose precision is raised until they decide."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import flint
import numpy as np
import numpy.typing as npt

from actgen.program.balls import evaluate_balls
from actgen.program.program import Node

_PRECISIONS = (128, 384, 1536, 6144)
_BITS = 58


def truths(roots: Sequence[Node], columns: Mapping[str, npt.NDArray[np.float64]]) -> list[npt.NDArray[np.float64]]:
    """Each root's exact value, rounded to float64; nan where it has none or was not decided."""
    size = len(next(iter(columns.values())))
    found = np.full((len(roots), size), math.nan)
    for index in range(size):
        at = {name: float(column[index]) for name, column in columns.items()}
        found[:, index] = _at(roots, at)
    return list(found)


def _at(roots: Sequence[Node], at: Mapping[str, float]) -> list[float]:
    found = [math.nan] * len(roots)
    pending = list(range(len(roots)))
    for precision in _PRECISIONS:
        balls = evaluate_balls([roots[i] for i in pending], at, precision)
        undecided = []
        for i, value in zip(pending, balls, strict=True):
            if not value.is_finite():
                undecided.append(i)
            elif value.rel_accuracy_bits() >= _BITS or value.is_zero():
                found[i] = nearest(value)
            else:
                undecided.append(i)
        pending = undecided
        if not pending:
            break
    return found


def nearest(value: flint.arb) -> float:
    """The float64 nearest to a decided ball; ±inf past the largest, 0 below the smallest."""
    middle = value.mid()
    mantissa, exponent = middle.man_exp()
    bits = int(mantissa).bit_length() + int(exponent)
    if bits > 1024:
        return math.inf if mantissa > 0 else -math.inf
    if bits < -1080:
        return 0.0 if mantissa >= 0 else -0.0
    return float(middle)
