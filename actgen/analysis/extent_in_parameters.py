"""Limits and ends of ranges as functions of the parameters, under the assumptions in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce

import sympy as sp

from actgen.analysis.conditions import signed
from actgen.analysis.curve import Curve, Segment
from actgen.analysis.expansion import End, expanded
from actgen.analysis.isolation import STARTS
from actgen.analysis.layout import form
from actgen.analysis.monomials import sign
from actgen.analysis.scaling import scaled, zeros
from actgen.analysis.series import Series
from actgen.analysis.singular import LINE
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.calculus import partial

_OPERATIONS = 120


def limit(value: sp.Expr, variable: sp.Symbol, place: sp.Expr, side: int) -> sp.Expr:
    """The limit at an end of an interval, from the right (side 1) or the left (-1) of a finite one.

    Raises:
        UndecidedError: if it was not found.
    """
    return value if not value.has(variable) else _series(value, variable, End(place, side)).limit()


def _series(value: sp.Expr, variable: sp.Symbol, end: End) -> Series:
    for start in STARTS:
        try:
            return expanded(value, variable, end, start)
        except UndecidedError as error:
            if str(error) != "too near":
                raise
    raise UndecidedError("no start was late enough for a series")


def candidates(curve: Curve, nominal: Mapping[sp.Symbol, sp.Expr]) -> list[sp.Expr]:
    """One-sided limits, and values where the slope is 0: the ends of the range are among them."""
    if curve.period is not None:
        curve = _over_the_line(curve)
    found = [
        c
        for segment in curve.segments
        for c in _of_segment(segment, curve.variable, nominal, is_periodic=curve.period is not None)
    ]
    found += [p.general for p in curve.points if p.general is not None]
    if any(p.value is not None and p.general is None for p in curve.points):
        raise UndecidedError("a value at a point without a form in the parameters")
    return found


def _of_segment(
    segment: Segment, variable: sp.Symbol, nominal: Mapping[sp.Symbol, sp.Expr], *, is_periodic: bool
) -> list[sp.Expr]:
    low, high = form(segment.low), form(segment.high)
    found = []
    if not is_periodic:
        ends = ((low, 1), (high, -1))
        found = [limit(segment.general, variable, end, 0 if end.is_infinite else side) for end, side in ends]
    if not is_periodic and sp.S.Infinity in found and sp.S.NegativeInfinity in found:
        return found
    slope = partial(segment.general, variable)
    turns = _turns(slope, variable, nominal, low, high, is_periodic=is_periodic)
    return found + [segment.general.subs(variable, z) for z in turns]


def _turns(
    slope: sp.Expr,
    variable: sp.Symbol,
    nominal: Mapping[sp.Symbol, sp.Expr],
    low: sp.Expr,
    high: sp.Expr,
    *,
    is_periodic: bool,
) -> list[sp.Expr]:
    """Where the slope is 0 between two ends: all places, unless it is 0 throughout."""
    if not slope.has(variable):
        return []
    shape = scaled(slope, variable)
    if shape is not None:
        try:
            return zeros(shape, low, high, is_periodic=is_periodic)
        except UndecidedError:
            pass
    if _keeps_sign(slope, variable, nominal, low, high):
        return []
    raise UndecidedError("a slope whose sign was not proved for all parameters")


def _keeps_sign(
    slope: sp.Expr, variable: sp.Symbol, nominal: Mapping[sp.Symbol, sp.Expr], low: sp.Expr, high: sp.Expr
) -> bool:
    step = sp.Dummy("s", positive=True)
    inside = low + step if low.is_finite else high - step if high.is_finite else variable
    moved = slope.subs(variable, inside)
    for value, dummies in ((moved, {}), signed(moved, nominal)):
        for candidate in (value, sp.factor(value) if sp.count_ops(value) < _OPERATIONS else value):
            if candidate.is_nonnegative or candidate.is_nonpositive:
                for symbol in dummies:
                    sign(symbol)
                return True
    return False


def _over_the_line(curve: Curve) -> Curve:
    if len(curve.segments) > 1:
        raise UndecidedError("a periodic function with poles")
    return replace(curve, segments=tuple(replace(s, low=LINE[0], high=LINE[1]) for s in curve.segments))


def size(value: sp.Expr) -> sp.Expr:
    """The absolute value, by the sign that is assumed."""
    return value if sp.expand(value) == 0 or sign(value) > 0 else -value


def furthest(candidates: Sequence[sp.Expr], side: int) -> sp.Expr:
    """The greatest (side 1) or least candidate; several where they are the same at the nominal parameters only."""
    if not candidates:
        raise UndecidedError("no candidates")
    best: list[sp.Expr] = []
    for candidate in dict.fromkeys(candidates):
        best = reduce(lambda kept, c: _with(kept, c, side), [candidate], best)
    return best[0] if len(best) == 1 else (sp.Max if side > 0 else sp.Min)(*best)


def _with(kept: list[sp.Expr], new: sp.Expr, side: int) -> list[sp.Expr]:
    orders = [_order(new, old) * side for old in kept]
    if any(order < 0 for order in orders):
        return kept
    if any(sp.expand(new - old) == 0 for old in kept if new.is_finite and old.is_finite) or new in kept:
        return kept
    return [old for old, order in zip(kept, orders, strict=True) if order == 0] + [new]


def _order(a: sp.Expr, b: sp.Expr) -> int:
    """-1, 0 or 1 as a is below, near or above b; what is near may be on either side for other parameters."""
    if a.is_infinite or b.is_infinite:
        return 0 if a == b else 1 if sp.S.Infinity == a or sp.S.NegativeInfinity == b else -1
    try:
        return sign(a - b)
    except UndecidedError:
        return 0
