"""Whether pieces meet at a breakpoint, also at one without an exact form, where it is a zero of their difference."""

from __future__ import annotations

import sympy as sp

from actgen.analysis.curve import Curve
from actgen.analysis.ends import limit
from actgen.analysis.evaluation import tape
from actgen.analysis.numbers import Number

_OPERATIONS = 200


def step(curve: Curve, place: Number) -> int | None:
    """-1, 0 or 1 as the limit from the left is below, equal to or above that from the right; None if not decided.

    Raises:
        UndecidedError: if a limit was not found.
    """
    left = next(s.value for s in curve.segments if s.high == place)
    right = next(s.value for s in curve.segments if s.low == place)
    order = limit(left, curve.variable, place, -1).order(limit(right, curve.variable, place, 1))
    if order is None and place.exact is None and _vanishes(left - right, place):
        return 0
    return order


def _vanishes(value: sp.Expr, place: Number) -> bool:
    """Whether an expression is a multiple of the one that is 0 at the place."""
    if value == 0 or place.zero_of is None or sp.count_ops(value) + sp.count_ops(place.zero_of) > _OPERATIONS:
        return value == 0
    bottom = sp.fraction(sp.cancel(value / place.zero_of))[1]
    around = tape(bottom).real(place.ball)
    return bool(around > 0 or around < 0)
