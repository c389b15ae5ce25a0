"""What functions of the math header are wrong by, in float32: more than a rounding, and a search must reckon with it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from actgen.formats import Array

WORST = {
    "exp": 0.844, "expm1": 1.389, "log": 0.828, "log2": 1.621, "log1p": 1.387,
    "sigmoid": 2.402, "softplus": 1.653, "logsigmoid": 1.653,
    "tanh": 0.767, "sinh": 2.177, "cosh": 1.314, "sech": 2.373, "asinh": 1.801, "acosh": 2.410, "atanh": 2.069,
    "sin": 1.494, "cos": 1.486, "tan": 3.074, "sinpi": 0.999, "cospi": 0.919,
    "atan": 1.351, "asin": 2.283, "acos": 1.058, "erf": 0.991, "erfc": 2.561, "cbrt": 0.502,
}  # fmt: skip
"""The largest error of each in ulp, at all floats, as the headers state it."""

_OF_TWO = dict.fromkeys(("pow", "logaddexp", "atan2", "hypot"), 2.0)
"""As the tests of the math header have them."""

_DIGITS = 24
_LEAST = -125  # the exponent of the smallest normal number, as `frexp` has it
_EXACTLY = 2.0**-10  # of an ulp


def is_rough(op: str) -> bool:
    """Whether an op is such a function."""
    return op in WORST or op in _OF_TWO


def wrong_by_most(op: str, value: Array, arguments: Sequence[Array], scaled: bool) -> Array:
    """A value that is wrong by so much that, rounded to float32, it is wrong by as much as the function ever is.

    Whether it is too large or too small seems random, but depends on the arguments alone. A value that is itself a
    float is not wrong: it is a limit of the function, or where the function is its argument.

    Args:
        op: a function that is rough.
        value: as it should be, in float64.
        arguments: of the function.
        scaled: whether digits go below the range of float32.
    """
    _, exponent = np.frexp(value)
    step = np.ldexp(1.0, (exponent if scaled else np.maximum(exponent, _LEAST)) - _DIGITS)
    units = value / step
    apart = np.isfinite(value) & (np.abs(units - np.rint(units)) > _EXACTLY)
    error = ((WORST | _OF_TWO)[op] - 0.5) * step
    return np.where(apart, np.where(_too_large(op, arguments), value + error, value - error), value)


def _too_large(op: str, arguments: Sequence[Array]) -> npt.NDArray[np.bool_]:
    """A bit for each row, of the arguments as floats: their last bits may be other ones on another machine."""
    mixed = np.asarray(zlib.crc32(op.encode()), dtype=np.uint32)
    for argument in arguments:
        mixed = mixed ^ argument.astype(np.float32).view(np.uint32)
        mixed = (mixed ^ (mixed >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        mixed = (mixed ^ (mixed >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return (mixed >> np.uint32(31)).astype(np.bool_)
