"""Runs a Program with some values in float64 and the others in float32, as a kernel does."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from actgen.formats import FORMATS, Array, spacing
from actgen.program.evaluate import NUMPY_OPS
from actgen.program.program import Node, evaluation_order

_FLOAT32 = FORMATS["float32"]
_OVERFLOWS = 2.0**128 - 2.0**103  # halfway from the largest float32 to the next


def evaluate_mixed(roots: Sequence[Node], columns: Mapping[str, Array], wide: Collection[Node]) -> list[Array]:
    """Each root in its precision. `wide` are the nodes in float64; an operand is converted to its user's precision.

    Comparisons take place in the wider of their operands' precisions.
    """
    values: dict[Node, Array] = {}
    size = len(next(iter(columns.values())))
    with np.errstate(all="ignore"):
        for current in evaluation_order(tuple(roots)):
            if current.op == "arg":
                values[current] = columns[current.name]
            elif current.op == "const":
                values[current] = np.asarray(current.value)
            else:
                values[current] = _result(current, values, wide)
    return [np.broadcast_to(values[root], size) for root in roots]


def _result(current: Node, values: Mapping[Node, Array], wide: Collection[Node]) -> npt.NDArray[Any]:
    operands = [values[a] for a in current.args]
    if current.is_bool:
        reals = [a for a in current.args if not a.is_bool]
        dtype: type[np.floating] = np.float64 if any(a in wide for a in reals) else np.float32
    else:
        dtype = np.float64 if current in wide else np.float32
    result = NUMPY_OPS[current.op](*(o if o.dtype == bool else o.astype(dtype) for o in operands))
    return np.asarray(result) if current.is_bool else np.asarray(result).astype(dtype)


def errors_in_ulp(values: Array, truth: Array) -> Array:
    """How far results, rounded to float32, are from the truth, in units in its last place; inf where one is NaN."""
    with np.errstate(all="ignore"):
        stored = values.astype(np.float32).astype(np.float64)
        finite = np.where(np.isfinite(truth), truth, 0)
        error = np.abs(stored - truth) / spacing(finite, _FLOAT32)
        same = (stored == truth) | (np.isnan(stored) & np.isnan(truth))
        over = (np.abs(truth) >= _OVERFLOWS) & (stored == np.copysign(np.inf, truth))
        return np.where(same | over, 0.0, np.where(np.isnan(error), np.inf, error))
