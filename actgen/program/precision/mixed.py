"""Runs a Program as a kernel does: each value as a float, as a pair or scaled, or in float64."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from actgen.formats import FORMATS, Array, spacing
from actgen.program.evaluate import NUMPY_OPS
from actgen.program.precision.apart import Exponents, exponents, rounded
from actgen.program.precision.functions import is_rough, wrong_by_most
from actgen.program.precision.levels import Level, Levels, divides_by_pair, kept, settled
from actgen.program.program import Node, evaluation_order

_FLOAT32 = FORMATS["float32"]
_OVERFLOWS = 2.0**128 - 2.0**103  # halfway from the largest float32 to the next
_INVERTIBLE = 2.0**-126  # the inverse of a smaller divisor may be infinite
_SCALED_RANGE = 2.0**314


def evaluate_mixed(roots: Sequence[Node], columns: Mapping[str, Array], levels: Levels) -> list[Array]:
    """Each root at its level; an operand is converted to what its user takes.

    Comparisons take place in the wider of their operands' precisions.
    """
    levels = settled(roots, levels)
    values: dict[Node, Array] = {}
    apart: dict[Node, Exponents] = {}
    size = len(next(iter(columns.values())))
    with np.errstate(all="ignore"):
        for current in evaluation_order(tuple(roots)):
            if current.op == "arg":
                values[current] = columns[current.name]
            elif current.op == "const":
                values[current] = np.asarray(current.value)
            else:
                values[current] = _result(current, values, levels, apart)
    return [np.broadcast_to(values[root], size) for root in roots]


def _result(
    current: Node, values: Mapping[Node, Array], levels: Levels, apart: dict[Node, Exponents]
) -> npt.NDArray[Any]:
    level = levels.get(current, Level.FLOAT)
    whole = kept(current, levels)
    operands = [
        v if v.dtype == bool or a in whole else v.astype(np.float32, copy=False)
        for a, v in ((a, values[a]) for a in current.args)
    ]
    rough = is_rough(current.op) and level is not Level.WIDE
    if rough or level is not Level.FLOAT or any(a in whole for a in current.args):
        operands = [o if o.dtype == bool else o.astype(np.float64, copy=False) for o in operands]
    result = np.asarray(NUMPY_OPS[current.op](*operands))
    if divides_by_pair(current, levels):
        result = np.where(np.abs(operands[1]) < _INVERTIBLE, np.nan, result)
    if rough:
        result = wrong_by_most(current.op, result, [o.astype(np.float64) for o in operands], level is Level.SCALED)
    if current.is_bool:
        return result
    if level is Level.SCALED:
        apart[current] = exponents(current, operands, {a: e for a, e in apart.items() if a in whole})
        return _scaled(result, apart[current])
    return _held(result, level)


def _scaled(value: npt.NDArray[Any], exponent: Exponents) -> npt.NDArray[Any]:
    """A scaled number as the float64 that it is."""
    found = rounded(value, exponent)
    size = np.abs(found)
    inside = np.where(size < 1 / _SCALED_RANGE, 0 * value, found)
    return np.where(size > _SCALED_RANGE, np.copysign(np.inf, value), inside)


def _held(value: npt.NDArray[Any], level: Level) -> npt.NDArray[Any]:
    """A result as its level keeps it; pairs as the float64 that they are."""
    match level:
        case Level.FLOAT:
            return value.astype(np.float32, copy=False)
        case Level.PAIR:
            high = value.astype(np.float32).astype(np.float64)
            low = (value - high).astype(np.float32)
            return np.where(np.isfinite(high), high + low, high)
        case _:
            return value.astype(np.float64, copy=False)


def errors_in_ulp(values: Array, truth: Array, magnitude: Array | None = None) -> Array:
    """How far results, rounded to float32, are from the truth, in units in its last place; inf where one is NaN.

    With a `magnitude`, the unit is that of the larger of it and the truth.
    """
    with np.errstate(all="ignore"):
        stored = values.astype(np.float32).astype(np.float64)
        finite = np.where(np.isfinite(truth), truth, 0)
        if magnitude is not None:
            finite = np.where(np.isfinite(magnitude), np.fmax(np.abs(finite), magnitude), finite)
        error = np.abs(stored - truth) / spacing(finite, _FLOAT32)
        same = (stored == truth) | (np.isnan(stored) & np.isnan(truth))
        over = (np.abs(truth) >= _OVERFLOWS) & (stored == np.copysign(np.inf, truth))
        return np.where(same | over, 0.0, np.where(np.isnan(error), np.inf, error))
