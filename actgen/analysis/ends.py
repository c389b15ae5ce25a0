"""One-sided limits of an expression, exact by its series, or in a ball."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from actgen.analysis.evaluation import tape
from actgen.analysis.expansion import End, expanded
from actgen.analysis.isolation import STARTS
from actgen.analysis.numbers import Number, exactly
from actgen.analysis.series import Series
from actgen.analysis.undecided import UndecidedError


def limit(value: sp.Expr, variable: sp.Symbol, place: Number, side: int) -> Number:
    """The limit at an end of an interval, from the right (side 1) or the left (-1) of a finite one.

    Raises:
        UndecidedError: if it was not found.
    """
    if not value.has(variable):
        return exactly(value)
    if place.exact is None:
        ball = tape(value).real(place.ball)
        if not ball.is_finite():
            raise UndecidedError("a limit at a place that is not known exactly")
        return Number(ball)
    return exactly(series(value, variable, place, side).limit())


def series(value: sp.Expr, variable: sp.Symbol, place: Number, side: int) -> Series:
    """The series at an end that is known exactly, with the first start for which the rules' bounds hold."""
    assert place.exact is not None
    return _series(value, variable, End(place.exact, 0 if place.is_infinite else side))


@lru_cache(maxsize=1024)
def _series(value: sp.Expr, variable: sp.Symbol, end: End) -> Series:
    for start in STARTS:
        try:
            return expanded(value, variable, end, start)
        except UndecidedError as error:
            if str(error) != "too near":
                raise
    raise UndecidedError("no start was late enough for a series")
