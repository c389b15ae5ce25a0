"""What functions of the math header are wrong by, in float32: more than a rounding, and a search must reckon with it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from actgen.formats import Array

FIRST = -11
"""The rows below are of |x| < 2^FIRST, of each binade from there on, and of all that lies beyond."""

_ROWS = {
    "erf": "63 62 63 63 63 63 63 63 61 58 62 100 88 52 13 0 0 0 0 0 100",
    "erfc": "100 100 100 100 101 101 101 101 102 102 162 144 174 193 257 247 0 0 0 0 257",
    "exp": "50 50 51 51 51 51 52 54 58 67 79 78 80 83 84 84 85 85 84 0 85",
    "expm1": "50 51 51 51 51 52 53 56 62 74 139 81 82 83 84 84 122 85 84 0 139",
    "sigmoid": "125 125 125 125 125 125 125 125 125 125 131 139 223 240 241 198 161 84 83 0 241",
    "softplus": "122 122 123 125 125 125 127 129 134 144 158 166 162 153 150 128 132 84 83 0 166",
    "logsigmoid": "122 122 123 125 125 125 127 129 134 144 158 166 162 153 150 128 132 84 83 0 166",
    "tanh": "50 51 51 51 51 53 55 61 74 77 59 60 52 51 50 50 0 0 0 0 77",
    "cosh": "63 63 63 63 63 64 64 66 69 75 84 114 127 130 132 117 84 85 84 0 132",
    "sinh": "167 170 173 171 201 218 216 218 214 208 187 161 162 152 131 110 84 85 84 0 218",
    "sech": "51 51 56 100 101 102 103 106 113 128 152 160 223 238 201 150 85 84 150 0 238",
    "asinh": "134 134 137 150 150 149 150 153 159 173 180 178 159 143 94 97 96 74 74 75 181",
    "acosh": "0 0 0 0 0 0 0 0 0 0 0 0 241 138 91 91 92 71 72 71 241",
    "atanh": "138 147 148 189 198 195 196 196 202 207 169 105 0 0 0 0 0 0 0 0 207",
    "atan": "50 50 50 50 50 50 51 51 52 54 63 90 136 87 64 58 54 53 51 51 136",
    "asin": "50 50 50 50 50 50 51 51 51 52 58 229 37 0 0 0 0 0 0 0 229",
    "acos": "50 50 51 51 51 52 53 54 58 75 90 106 37 0 0 0 0 0 0 0 106",
    "log": "55 56 55 56 55 56 61 61 61 71 77 83 83 79 71 61 61 60 56 56 83",
    "log2": "55 55 55 55 58 58 58 58 66 66 83 148 163 83 66 66 58 58 58 58 163",
    "log1p": "50 50 51 51 51 51 52 54 58 68 139 77 79 66 71 61 61 60 56 56 139",
    "cbrt": "51 51 51 50 51 51 50 51 51 50 51 51 50 51 51 50 51 51 50 51 51",
    "sin": "50 50 50 50 50 50 50 51 51 53 60 93 77 145 139 143 144 145 143 146 150",
    "cos": "50 50 50 50 50 50 50 51 51 52 57 91 144 110 131 143 143 143 144 147 149",
    "tan": "114 116 121 128 131 137 146 148 150 151 165 216 281 300 269 287 280 293 290 302 308",
    "sinpi": "50 50 50 50 50 51 51 53 61 92 80 92 92 92 88 87 87 86 86 83 100",
    "cospi": "50 50 50 50 50 51 51 52 57 80 92 92 92 92 88 87 87 86 86 83 92",
}
"""Hundredths of an ulp, as `benchmarks/elementary.py --write` measured them at all floats."""

WORST = {name: np.array(row.split(), dtype=np.float64) / 100 for name, row in _ROWS.items()}
"""The largest error of each function in ulp, by the size of its argument."""

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
    error = np.maximum(_worst(op, arguments[0]) - 0.5, 0) * np.maximum(np.abs(value) * 2.0**-_DIGITS, step / 2)
    return np.where(apart, np.where(_too_large(op, arguments), value + error, value - error), value)


def _worst(op: str, argument: Array) -> Array:
    if op in _OF_TWO:
        return np.asarray(_OF_TWO[op])
    row = WORST[op]
    _, exponent = np.frexp(argument)
    return row[np.clip(exponent - FIRST, 0, row.size - 1)]


def _too_large(op: str, arguments: Sequence[Array]) -> npt.NDArray[np.bool_]:
    """A bit for each row, of the arguments as floats: their last bits may be other ones on another machine."""
    mixed = np.asarray(zlib.crc32(op.encode()), dtype=np.uint32)
    for argument in arguments:
        mixed = mixed ^ argument.astype(np.float32).view(np.uint32)
        mixed = (mixed ^ (mixed >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        mixed = (mixed ^ (mixed >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return (mixed >> np.uint32(31)).astype(np.bool_)
