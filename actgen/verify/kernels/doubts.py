"""Where the kernel in float64 does not stand in for the oracle: around numbers at which the oracle contradicts it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actgen.formats import Array, by_ordinal
from actgen.verify.grids import Ordinals
from actgen.verify.ulp import Mask

ASKED = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Doubt:
    """Numbers of float32 that are in doubt for one result.

    Attributes:
        count: how many they are.
        asked: all of them, or so many, evenly.
    """

    count: int
    asked: Array


def doubt(checked: Ordinals, held: Mask) -> Doubt | None:
    """What lies between a number that was not confirmed and its neighbours among those that were looked at.

    Args:
        checked: ordinals, ascending.
        held: at which of them the oracle confirms the kernel in float64.
    """
    if held.all():
        return None
    between = np.flatnonzero(~held[1:] | ~held[:-1])
    starts = np.concatenate([checked[between] + 1, checked[~held]])
    sizes = np.concatenate([checked[between + 1] - checked[between] - 1, np.ones(int((~held).sum()), np.int64)])
    order = np.argsort(starts, kind="stable")
    starts, ends = starts[order], np.cumsum(sizes[order])
    total = int(ends[-1])
    places = np.unique(np.linspace(0, total - 1, min(total, ASKED)).astype(np.int64))
    part = np.searchsorted(ends, places, side="right")
    begun = np.concatenate([[0], ends[:-1]])
    return Doubt(total, by_ordinal(starts[part] + places - begun[part]))
