"""Expectations in ordinary arithmetic, without a bound on the error: they say where a proof is worth trying."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache

import flint

from actgen.analysis.curve import Segment
from actgen.analysis.evaluation import tape
from actgen.analysis.quantity import working_precision

_REACH = 9.0
_PANEL = 0.75
_NODES = 10
_BITS = 64


@cache
def _gauss() -> tuple[tuple[float, float], ...]:
    """Nodes and weights of Gauss and Legendre on [-1, 1]."""
    pairs = (flint.arb.legendre_p_root(_NODES, k, weight=True) for k in range(_NODES))
    return tuple((float(node), float(weight)) for node, weight in pairs)


def mean_square(segments: Sequence[Segment], scale: float) -> float:
    """About E[f(scale·z)²]; NaN where a value is not finite."""
    total = 0.0
    with working_precision(_BITS):
        for segment in segments:
            run = tape(segment.value)
            low = max(float(segment.low.ball) / scale, -_REACH)
            high = min(float(segment.high.ball) / scale, _REACH)
            for z, weight in _points(low, high):
                value = float(run.real(flint.arb(z * scale)))
                total += weight * value * value * math.exp(-z * z / 2)
    return total / math.sqrt(2 * math.pi)


def _points(low: float, high: float) -> Iterator[tuple[float, float]]:
    count = max(1, math.ceil((high - low) / _PANEL)) if high > low else 0
    for panel in range(count):
        width = (high - low) / count
        middle = low + (panel + 0.5) * width
        for node, weight in _gauss():
            yield middle + node * width / 2, weight * width / 2
