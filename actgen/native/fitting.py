"""Polynomials for the math header: near-minimax fits whose coefficients are floats from the first to the last."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from flint import arb, arb_mat, ctx  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]

Function = Callable[[arb], arb]
"""A real function on balls."""

PRECISION = 400
"""Bits of the working precision."""


def fitted(function: Function, low: arb, high: arb, degree: int, bits: int, weight: Function) -> list[float]:
    """The coefficients, constant first, of a polynomial of `degree` close to `function` on [low, high].

    A weighted least-squares fit at Chebyshev nodes, which is close to the minimax polynomial. One coefficient after
    the other is rounded to `bits` bits (24 or 53), and the rest fitted again: they make up for the rounding.
    """
    with ctx.workprec(PRECISION):
        nodes = _chebyshev(low, high, 6 * degree + 20)
        values = [function(x).mid() for x in nodes]
        weights = [weight(x).mid() for x in nodes]
        chosen: list[float] = []
        for _ in range(degree + 1):
            missing = degree + 1 - len(chosen)
            scale = [w * x ** len(chosen) for x, w in zip(nodes, weights, strict=True)]
            rest = [w * (y - _at(chosen, x)) for x, y, w in zip(nodes, values, weights, strict=True)]
            matrix = arb_mat(
                [[(s * x**power).mid() for power in range(missing)] for x, s in zip(nodes, scale, strict=True)]
            )
            transposed = matrix.transpose()
            solution = (transposed * matrix).solve(transposed * arb_mat([[r.mid()] for r in rest]))
            chosen.append(_rounded(solution[0, 0], bits))
    return chosen


def worst_error(
    coefficients: Sequence[float], function: Function, low: arb, high: arb, weight: Function, count: int = 701
) -> float:
    """The largest |weight·(polynomial - function)| at `count` Chebyshev nodes, as a binary logarithm."""
    with ctx.workprec(PRECISION):
        nodes = _chebyshev(low, high, count)
        return math.log2(max(abs(float((weight(x) * (_at(coefficients, x) - function(x))).mid())) for x in nodes))


def _at(coefficients: Sequence[float], x: arb) -> arb:
    return sum((arb(c) * x**power for power, c in enumerate(coefficients)), arb(0))


def _chebyshev(low: arb, high: arb, count: int) -> list[arb]:
    middle, radius = (low + high) / 2, (high - low) / 2
    return [(middle + radius * (arb.pi() * (2 * i + 1) / (2 * count)).cos()).mid() for i in range(count)]


def _rounded(value: arb, bits: int) -> float:
    mantissa, exponent = (int(part) for part in value.mid().man_exp())
    excess = abs(mantissa).bit_length() - bits
    if excess > 0:
        mantissa = ((abs(mantissa) + (1 << (excess - 1))) >> excess) * (1 if mantissa > 0 else -1)
        exponent += excess
    return math.ldexp(mantissa, exponent)
