"""The powers of two that scaled numbers keep apart, as the math header does: see `Scaled` in `pairs.h`.

What is left is a float like any other: multiplied by small floats it loses digits, however small the whole may be.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from actgen.formats import Array
from actgen.program.precision.levels import VANISHING
from actgen.program.program import Node

Exponents = npt.NDArray[np.int64]
_LARGEST = 218.0  # all as `ExpRange` in `exp.h` has them
_WHOLE = 60
_SHARE = 0.49
_BENT = 0.8  # below it `erf.h` takes the difference from 1


def exponents(current: Node, operands: Sequence[npt.NDArray[Any]], apart: Mapping[Node, Exponents]) -> Exponents:
    """Of the power of two that a scaled result keeps apart.

    Args:
        current: what is scaled.
        operands: their values, which a function takes as its argument.
        apart: what those operands keep apart that are scaled.
    """
    nothing = np.zeros((), dtype=np.int64)
    match current.op:
        case op if op in VANISHING:
            x = np.asarray(operands[0], dtype=np.float64)
            return _of_exponential(x) if op == "exp" else np.where(x > _BENT, _of_exponential(-x * x), nothing)
        case "where":
            first, second = (apart.get(a, nothing) for a in current.args[1:])
            return np.where(operands[0], first, second)
        case _:  # the smaller one of a product stays apart
            found = [apart[a] for a in current.args if a in apart]
            return np.minimum(*found) if len(found) > 1 else found[0]


def rounded(value: Array, exponent: Exponents) -> Array:
    """A number whose part that is not kept apart is a float."""
    return np.ldexp(np.ldexp(value, -exponent).astype(np.float32).astype(np.float64), exponent)


def _of_exponential(x: Array) -> Exponents:
    turns = np.rint(np.clip(np.nan_to_num(x), -_LARGEST, _LARGEST) / math.log(2))
    return 2 * np.rint(_SHARE * (turns - np.clip(turns, -_WHOLE, _WHOLE))).astype(np.int64)
