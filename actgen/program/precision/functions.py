"""What functions of the math header are wrong by, in float32: a search must reckon with more than a rounding."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from actgen.formats import Array

FIRST = -5
"""The rows below are of |x| < 2^FIRST, of both halves of each binade from there on, and of all that lies beyond."""

_ROWS = {
    "exp": "52 54 54 58 58 67 67 79 79 67 78 80 80 81 83 84 84 80 84 83 85 85",
    "expm1": "53 55 56 60 62 70 74 139 138 79 81 82 80 81 83 84 82 80 84 122 84 85",
    "log": "61 61 58 61 58 71 66 77 76 83 68 83 76 79 66 71 66 61 58 61 58 60",
    "log2": "58 58 57 66 63 66 63 83 76 148 139 163 102 83 76 66 63 66 63 58 57 58",
    "log1p": "52 54 54 57 58 66 68 83 139 77 70 67 79 66 59 71 57 61 54 61 55 60",
    "sigmoid": "125 125 125 125 125 125 123 126 131 139 130 200 223 235 240 241 204 198 195 161 85 84",
    "softplus": "127 129 129 133 134 141 144 158 154 164 166 162 121 153 150 147 150 127 128 132 85 84",
    "logsigmoid": "127 129 129 133 134 141 144 158 154 164 166 162 121 153 150 147 150 127 128 132 85 84",
    "tanh": "55 59 61 68 74 77 67 58 59 60 54 52 51 51 50 50 50 50 50 50 50 50",
    "sinh": "218 159 218 158 214 157 208 177 187 161 157 162 132 152 148 131 129 110 84 83 84 85",
    "cosh": "64 65 66 67 69 72 75 83 84 96 114 124 127 128 130 132 130 117 84 83 84 85",
    "sech": "103 105 106 110 113 121 128 144 152 160 156 223 186 238 233 201 199 150 82 83 85 150",
    "asinh": "150 146 153 145 159 155 173 177 181 178 144 159 113 143 135 94 94 97 91 96 91 105",
    "acosh": "50 50 50 50 50 50 50 50 50 50 50 241 141 129 138 91 87 91 87 92 87 105",
    "atanh": "198 137 196 139 202 207 204 146 169 105 85 50 50 50 50 50 50 50 50 50 50 50",
    "sin": "53 51 51 51 51 52 53 55 60 71 93 77 66 145 144 88 139 133 143 143 144 150",
    "cos": "53 51 51 51 51 52 52 57 57 75 91 143 144 110 107 131 121 143 133 143 143 149",
    "tan": "146 136 148 137 150 138 151 147 165 207 216 281 281 297 300 269 256 287 271 280 278 308",
    "sinpi": "100 52 53 58 61 82 92 80 57 80 92 92 92 92 92 88 88 87 87 87 87 100",
    "cospi": "51 51 52 54 57 65 80 92 61 92 80 92 92 92 92 88 88 87 87 87 87 92",
    "atan": "51 51 51 51 52 52 54 57 63 73 90 136 125 87 87 64 64 58 58 54 54 53",
    "asin": "51 51 51 51 51 52 52 54 58 229 129 50 50 50 50 50 50 50 50 50 50 50",
    "acos": "53 53 54 54 58 58 75 75 90 106 103 50 50 50 50 50 50 50 50 50 50 50",
    "erf": "63 61 63 60 61 56 58 60 62 72 100 88 58 52 50 50 50 50 50 50 50 50",
    "erfc": "101 101 101 102 101 102 102 105 162 111 144 158 174 155 193 190 257 247 50 50 50 50",
    "cbrt": "51 51 50 51 50 50 50 51 50 51 50 50 50 51 50 51 50 50 50 51 50 51",
}
"""Hundredths of an ulp, as measured at all floats of 2^-26 to 2^8 and at a sample beyond them.

`benchmarks/elementary.py --write` measures them at all floats.
"""

WORST = {name: np.array(row.split(), dtype=np.float64) / 100 for name, row in _ROWS.items()}
"""The largest error of each function in ulp, by the size of its argument."""

_OF_TWO = dict.fromkeys(("pow", "logaddexp", "atan2", "hypot"), 2.0)
"""As the tests of the math header have them."""

_DIGITS = 24
_LEAST = -125  # the exponent of the smallest normal number, as `frexp` has it
_HALF = 0.75  # where the second half of a binade begins, as `frexp` has it
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
    return row[np.clip(places(argument), 0, row.size - 1)]


def places(argument: Array) -> npt.NDArray[np.intp]:
    """Where an argument has its figure in a row, if that were longer on both sides."""
    mantissa, exponent = np.frexp(argument)
    return 2 * (exponent.astype(np.intp) - 1 - FIRST) + (np.abs(mantissa) >= _HALF) + 1


def _too_large(op: str, arguments: Sequence[Array]) -> npt.NDArray[np.bool_]:
    """A bit for each row, of the arguments as floats: their last bits may be other ones on another machine."""
    mixed = np.asarray(zlib.crc32(op.encode()), dtype=np.uint32)
    for argument in arguments:
        mixed = mixed ^ argument.astype(np.float32).view(np.uint32)
        mixed = (mixed ^ (mixed >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        mixed = (mixed ^ (mixed >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return (mixed >> np.uint32(31)).astype(np.bool_)
