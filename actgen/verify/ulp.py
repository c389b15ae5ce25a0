"""Errors in units in the last place of a floating-point format, and what kind of wrong a wrong result is."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from actgen.formats import Array, Format, spacing

Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Errors:
    """What is wrong with some results, element by element.

    `ulps` is the distance from the truth in ulps: 0 where both are the same infinity or both NaN, inf in every case
    below that has no distance, NaN where the truth is not decided.
    """

    ulps: Array
    nan: Mask  # NaN instead of a value or an infinity
    infinite: Mask  # ±inf instead of a finite value, or the wrong infinity
    finite: Mask  # a number where there is no value, or where the truth overflows
    zeroed: Mask  # 0 instead of a normal number
    sign: Mask  # the wrong sign

    @property
    def wrong(self) -> Mask:
        """What is wrong whatever its distance."""
        return self.nan | self.infinite | self.finite | self.zeroed | self.sign

    def at(self, chosen: Mask) -> Errors:
        """The same of some of the results."""
        return Errors(*(getattr(self, kind.name)[chosen] for kind in fields(self)))

    def nothing(self) -> Errors:
        """As if none of them were wrong."""
        return Errors(*(np.zeros_like(getattr(self, kind.name)) for kind in fields(self)))

    def replaced(self, places: npt.NDArray[np.intp], others: Errors) -> Errors:
        """With other errors at some places."""
        found = {kind.name: getattr(self, kind.name).copy() for kind in fields(self)}
        for name, column in found.items():
            column[places] = getattr(others, name)
        return Errors(**found)


def errors(measured: Array, hi: Array, lo: Array, form: Format, *, flush: bool = False) -> Errors:
    """Compares results with the truth hi + lo.

    Args:
        measured: results of the format, as float64.
        hi: the nearest float64 to the truth; ±inf and NaN included.
        lo: what hi leaves.
        form: the results' format.
        flush: accept 0 for a subnormal truth (profile `ftz`).
    """
    with np.errstate(all="ignore"):
        overflow = np.abs(hi) >= form.largest * (1 + 0.5 * form.epsilon)
        nan = np.isnan(measured) & ~np.isnan(hi)
        finite = (np.isnan(hi) & ~np.isnan(measured)) | (np.isinf(hi) & np.isfinite(measured))
        brim = np.abs(hi) >= form.largest * (1 - 2 * form.epsilon)
        infinite = np.isinf(measured) & ~np.isnan(hi) & (~brim | (np.sign(measured) != np.sign(hi)))
        ulps = np.abs((measured - hi) - lo) / spacing(np.where(np.isfinite(hi), hi, 0), form)
        same = (np.isnan(measured) & np.isnan(hi)) | (np.isinf(measured) & (overflow | brim) & ~infinite)
        ulps = np.where(same, 0.0, ulps)
        ulps = np.where(nan | finite | infinite, np.inf, ulps)
        if flush:
            ulps = np.where((measured == 0) & (np.abs(hi) < form.tiny), 0.0, ulps)
        normal = (np.abs(hi) >= form.tiny) & np.isfinite(hi)
        zeroed = (measured == 0) & normal
        sign = (np.sign(measured) * np.sign(hi) < 0) & (np.abs(hi) >= form.smallest) & ~infinite
    return Errors(ulps, nan, infinite, finite, zeroed, sign)
