"""Decimal numbers as exact rationals."""

from __future__ import annotations

import math
from fractions import Fraction

from actgen.spec.findings import quoted
from actgen.spec.limits import MAX_DIGITS

_SMALLEST = "numbers that are not 0 lie between 5e-324 and 1.8e308 in size"


def read_number(text: str) -> tuple[Fraction | None, str, str | None]:
    """The exact value of a decimal number, or None with a message and a help.

    Args:
        text: digits with an optional point and exponent, no sign.
    """
    if len(text) > MAX_DIGITS:
        return None, f"{quoted(text)} has {len(text)} characters; a number has at most {MAX_DIGITS}", "round it"
    nearest = float(text)
    if math.isinf(nearest):
        return None, f"{quoted(text)} is past float64", _SMALLEST
    mantissa = text.lower().partition("e")[0]
    if nearest == 0.0:
        if mantissa.strip("0."):
            return None, f"{quoted(text)} is past float64: it rounds to 0", _SMALLEST
        return Fraction(0), "", None
    return Fraction(text), "", None
