"""Where results are about to leave the range of a format: there a factor on the way may have left it already."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from actgen.activation import Activation
from actgen.formats import FORMATS, Array, Format
from actgen.verify.oracle import Oracle

_MAGNITUDES = 48  # of either sign, at which the results' sizes are looked at
_HALVINGS = 16
_STEPS = (0, *(s * 2.0**-k for k in (11, 9, 8, 7, 6, 5) for s in (1, -1)))

Point = dict[str, float]


def edge_points(activation: Activation, oracle: Oracle, dtype: str) -> Iterator[Point]:
    """Points around each place where a result passes the smallest normal or the largest number, parameters nominal.

    One input moves; the others, where there are several, are 1, very small or very large.
    """
    form = FORMATS[dtype]
    for moving in activation.inputs:
        others = [i.name for i in activation.inputs if i is not moving]
        for partner in _partners(form) if others else (1.0,):
            for sign in (1.0, -1.0):
                fixed = {**activation.nominal(), **dict.fromkeys(others, partner)}
                for size in _crossings(activation, oracle, form, fixed, moving.name, sign):
                    yield from ({**fixed, moving.name: sign * size * (1 + step)} for step in _STEPS)


def _partners(form: Format) -> tuple[float, ...]:
    far = 2.0 ** (-form.lowest * 2 // 3)
    return 1.0, far, 1 / far


def _crossings(
    activation: Activation, oracle: Oracle, form: Format, fixed: Point, name: str, sign: float
) -> Iterator[float]:
    """The sizes of the moving input at which some result passes an end of the range."""
    exponents = np.linspace(form.lowest - form.bits + 1, -form.lowest, _MAGNITUDES)
    targets = (None, *(v.name for v in activation.variables))
    for output in activation.outputs:
        table = oracle.table(output.name, targets, {**fixed, name: sign * np.exp2(exponents)})
        for wrt in targets:
            ranks = _ranks(table[wrt].hi, form)
            for k in np.flatnonzero(ranks[1:] != ranks[:-1]):
                low, high = exponents[k], exponents[k + 1]
                for _ in range(_HALVINGS):
                    middle = (low + high) / 2
                    truth = oracle.values(output.name, wrt, {**fixed, name: sign * 2.0**middle})
                    below = _ranks(truth.hi, form)[0] == ranks[k]
                    low, high = (middle, high) if below else (low, middle)
                yield float(2.0**low)


def _ranks(values: Array, form: Format) -> npt.NDArray[np.int_]:
    """0 for what is subnormal, 1 for normal numbers, 2 for what overflows or is no number."""
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(values) < form.tiny, 0, np.where(np.abs(values) <= form.largest, 1, 2))
