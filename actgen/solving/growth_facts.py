"""What `growth.py` knows of an operand, and the ways to say it. Ranges are floats rounded outward."""

from __future__ import annotations

import math
from dataclasses import dataclass

Range = tuple[float, float]
Bound = tuple[float, float, float]
_SLACK = 1e-12
UNKNOWN: Bound = (math.inf, math.inf, math.inf)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an operand beyond the start: its range, its size, what it and its negative lie below."""

    low: float
    high: float
    size: Bound
    above: Bound
    below: Bound


def outward(low: float, high: float) -> Range:
    """An interval, a little wider, where 0 is the exact end; all numbers for nan."""
    if math.isnan(low) or math.isnan(high):
        return -math.inf, math.inf
    low = low - _SLACK * abs(low) if math.isfinite(low) else low
    return low, high + _SLACK * abs(high) if math.isfinite(high) else high


def ranged(low: float, high: float) -> Facts:
    """What a range alone says."""
    largest = max(abs(low), abs(high))
    size = constant(math.log(largest) if largest else -700.0) if math.isfinite(largest) else UNKNOWN
    above = constant(high) if math.isfinite(high) else UNKNOWN
    return Facts(low, high, size, above, constant(-low) if math.isfinite(low) else UNKNOWN)


def constant(bound: float) -> Bound:
    """A bound that does not grow."""
    return bound, 0.0, 0.0


def flatter(a: Bound, b: Bound) -> Bound:
    """Of two bounds the one that grows less."""
    return a if a[::-1] <= b[::-1] else b
