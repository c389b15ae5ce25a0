"""Limits at ±inf, told from the exact values along a sequence of ever larger arguments."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import flint

from actgen.program.balls import evaluate_balls
from actgen.program.program import Node
from actgen.program.truth import nearest

_EXPONENTS = (1100, 1193, 1321, 1459, 1637, 1811, 2053, 2309)
_PRECISION = 8000
_ROOT = round(2**52.5)
_SHRINKING = 0.95  # from one exponent to the next: 1/log(x) does
_SLOWEST = 1.25  # log(log(x)) grows by less for each exponent, but not as little as what settles like 1/log(x)


def limits_along(plain: Sequence[Node], domain: Sequence[Node], at: dict[str, float]) -> list[float | None]:
    """Limits along x near ±2^1100 … ±2^2309, from how the values go on; nan where they do not settle.

    None where the precision does not tell a value from what has none, as the logarithm of 1 - sigmoid(x).
    """
    rows = []
    for exponent in _EXPONENTS:
        balls = evaluate_balls([*plain, *domain], _along(exponent, at), _PRECISION)
        if any(not b.is_finite() or b < 0 for b in balls[len(plain) :]):
            return [math.nan] * len(plain)
        rows.append(balls[: len(plain)])
    return [_limit([row[k] for row in rows]) for k in range(len(plain))]


def holds_along(condition: Node, at: dict[str, float]) -> bool | None:
    """Whether a condition holds along the end of the same sequence; None where the balls do not tell.

    At infinity itself it may compare what is no number, as x·sigmoid(x) at -inf.
    """
    found = {evaluate_balls([condition], _along(exponent, at), _PRECISION)[0] for exponent in _EXPONENTS[-3:]}
    verdict = found.pop() if len(found) == 1 else None
    return verdict if isinstance(verdict, bool) else None


def _along(exponent: int, at: dict[str, float]) -> dict[str, float | flint.arb]:
    return {n: _huge(exponent, v > 0) if math.isinf(v) else v for n, v in at.items()}


def _huge(exponent: int, positive: bool) -> flint.arb:
    """±(2^exponent + exponent·√2), exactly: of a whole number sin(πx) is 0, which is no limit."""
    size = (1 << (exponent + 52)) + exponent * _ROOT
    return flint.arb(flint.arf((size if positive else -size, -52)))


def _limit(values: Sequence[flint.arb]) -> float | None:
    if not all(v.is_finite() for v in values):
        return None
    last, before = values[-1], values[-2]
    if all(abs(v) < flint.arb(2) ** -600 for v in values[-3:]):
        return 0.0
    if abs(last - before) < abs(last) * flint.arb(2) ** -60:
        return nearest(last)
    if all(abs(b) < _SHRINKING * abs(a) for a, b in pairwise(values)):
        return 0.0
    return _infinity(values)


def _infinity(values: Sequence[flint.arb]) -> float:
    """The infinity to which values go that grow like log(log(x)) or faster; nan if they do not."""
    pairs = zip(pairwise(values), pairwise(_EXPONENTS), strict=True)
    steps = [(b - a) / (n - m) * n**_SLOWEST for (a, b), (m, n) in pairs]
    if not all(abs(b) > abs(a) for a, b in pairwise(steps)):
        return math.nan
    return math.inf if all(s > 0 for s in steps) else -math.inf if all(s < 0 for s in steps) else math.nan
