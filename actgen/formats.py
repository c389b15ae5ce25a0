"""The binary floating-point formats: their range, their spacing, and all numbers of the short ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
Composite: TypeAlias = Literal["float64", "float32"]
"""What files made of framework operations compute float32 in."""


@dataclass(frozen=True, slots=True)
class Format:
    """A binary format: bits of the significand (the hidden one included), exponent of the smallest normal number.

    Every value of a format is a float64.
    """

    name: str
    bits: int
    lowest: int

    @property
    def tiny(self) -> float:
        """The smallest normal number."""
        return 2.0**self.lowest

    @property
    def smallest(self) -> float:
        """The smallest subnormal number."""
        return float(np.ldexp(1.0, self.lowest - self.bits + 1))

    @property
    def largest(self) -> float:
        """The largest finite number."""
        return float(np.ldexp(2.0 - 2.0 ** (1 - self.bits), 1 - self.lowest))

    @property
    def epsilon(self) -> float:
        """Half of the spacing just above 1."""
        return 2.0**-self.bits


FORMATS = {
    f.name: f
    for f in (
        Format("float64", 53, -1022),
        Format("float32", 24, -126),
        Format("bfloat16", 8, -126),
        Format("float16", 11, -14),
    )
}
"""Every format, by name."""

_EXPONENT = 0x7FF0_0000_0000_0000


def spacing(values: Array, form: Format) -> Array:
    """The ulp of each finite value: the spacing of the format in the value's binade, at least the subnormal one."""
    # By the bits: frexp and ldexp take ten times as long.
    exponents = np.asarray(values, dtype=np.float64).view(np.int64) & _EXPONENT
    return np.maximum(exponents.view(np.float64), 2.0**form.lowest) * 2.0 ** (1 - form.bits)


def every_16_bits(name: str) -> Array:
    """All 65,536 values of float16 or bfloat16, NaNs included."""
    bits = np.arange(65536, dtype=np.uint32)
    with np.errstate(invalid="ignore"):
        if name == "float16":
            return bits.astype(np.uint16).view(np.float16).astype(np.float64)
        return (bits << 16).view(np.float32).astype(np.float64)


LAST = 0x7F800000
"""The ordinal of infinity in float32."""


def by_ordinal(ordinals: npt.NDArray[np.int64]) -> Array:
    """The float32 numbers in their order: 0 is 0, 1 the smallest positive number, `LAST` infinity, -1 … below."""
    sizes = np.abs(ordinals).astype(np.uint32).view(np.float32).astype(np.float64)
    return np.where(ordinals < 0, -sizes, sizes)


def ordinals(values: Array) -> npt.NDArray[np.int64]:
    """The inverse of `by_ordinal`, for numbers of float32 that are not NaN."""
    bits = np.abs(values).astype(np.float32).view(np.uint32).astype(np.int64)
    return np.where(values < 0, -bits, bits)
