"""The shape of a function of one input: where it rises, bends, vanishes, and how it ends."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sympy as sp

from actgen.analysis.bounds import value_at
from actgen.analysis.curve import Curve, Point, Segment
from actgen.analysis.ends import limit
from actgen.analysis.isolation import Stretch
from actgen.analysis.joining import step
from actgen.analysis.numbers import Number, exactly
from actgen.analysis.periods import further, window
from actgen.analysis.signs import Signs
from actgen.analysis.singular import LINE
from actgen.analysis.undecided import UndecidedError


@dataclass(frozen=True, slots=True)
class Side:
    """What a function does on one side of a cut: its limit, and the sign of its slope there (None: unknown)."""

    limit: Number
    slope: int | None


def sides(curve: Curve, slopes: Signs, point: Point) -> tuple[Side | None, Side | None]:
    """The function to the left and to the right of a point between segments; None where it has no values.

    Raises:
        UndecidedError: if a limit was not found.
    """
    left = next((s for s in curve.segments if s.high == point.place), None)
    right = next((s for s in curve.segments if s.low == point.place), None)
    return (
        left and Side(limit(left.value, curve.variable, point.place, -1), _slope(slopes, left, -1)),
        right and Side(limit(right.value, curve.variable, point.place, 1), _slope(slopes, right, 0)),
    )


def _slope(slopes: Signs, segment: Segment, index: int) -> int | None:
    own = [t.sign for s, t in slopes.stretches if s.low == segment.low]
    return own[index] if own else None


def has_gaps(curve: Curve) -> bool:
    """Whether there is an interval without values between two segments, or between one period and the next."""
    if curve.period is not None and (curve.segments[0].low, curve.segments[-1].high) != window(curve.period):
        return True
    return any(a.high != b.low for a, b in itertools.pairwise(curve.segments))


def is_continuous(curve: Curve) -> bool:
    """Whether it is continuous at every point between two segments, with values everywhere between the outermost.

    Raises:
        UndecidedError: if that was not decided.
    """
    if has_gaps(curve):
        return False
    inner = [p for p in curve.points if any(s.high == p.place for s in curve.segments)]
    return all(_joins(curve, p) for p in inner if any(s.low == p.place for s in curve.segments))


def _joins(curve: Curve, point: Point) -> bool:
    left, right = sides(curve, Signs((), (), None), point)
    assert left is not None and right is not None
    if point.place.exact is None:
        return met(step(curve, point.place))
    if left.limit.is_infinite or right.limit.is_infinite or point.value is None:
        return False
    here = exactly(point.value)
    orders = (left.limit.order(here), right.limit.order(here))
    if None in orders:
        raise UndecidedError("whether it is continuous was not decided")
    return orders == (0, 0)


def met(order: int | None) -> bool:
    """Whether two limits are equal, given their order; raises if that was not decided."""
    if order is None:
        raise UndecidedError("whether the pieces meet was not decided")
    return order == 0


def slopes_meet(curve: Curve, derivative: Curve) -> bool:
    """Whether the derivative has equal limits on both sides of every point; raises as `is_continuous`."""
    for point in derivative.points:
        left, right = sides(derivative, Signs((), (), None), point)
        if left is None or right is None:
            continue
        if not met(step(derivative, point.place)) or left.limit.is_infinite:
            return False
    return True


def defined(curve: Curve, with_value: Collection[Number]) -> list[tuple[Number, Number]]:
    """The segments, those as one that meet where there is a value."""
    spans: list[tuple[Number, Number]] = []
    for segment in curve.segments:
        if spans and spans[-1][1] == segment.low and segment.low in with_value:
            spans[-1] = (spans[-1][0], segment.high)
        else:
            spans.append((segment.low, segment.high))
    return spans


def merged(curve: Curve, found: Signs, breaks: Sequence[Number]) -> list[Stretch]:
    """Stretches of one sign that touch, as one, unless they touch at one of the breaks."""
    joined: list[Stretch] = []
    for _, stretch in found.stretches:
        last = joined[-1] if joined else None
        if last and last.sign == stretch.sign and last.high == stretch.low and stretch.low not in breaks:
            joined[-1] = Stretch(last.low, stretch.high, last.sign)
        else:
            joined.append(stretch)
    return joined


def around(stretches: Sequence[Stretch], turn: sp.Expr) -> list[Stretch]:
    """Stretches of one period, the first and the last as one if they have one sign; the whole line if it is all one."""
    if not stretches:
        return []
    first, last = stretches[0], stretches[-1]
    if (first.low, last.high) != window(turn) or first.sign != last.sign:
        return list(stretches)
    if len(stretches) == 1:
        return [Stretch(*LINE, first.sign)]
    return [*stretches[1:-1], Stretch(last.low, further(first.high, turn), last.sign)]


def inner_value(curve: Curve, place: Number) -> Number:
    """The value at a place inside of a segment; of a periodic function, at one a whole number of periods away."""
    for segment in curve.segments:
        if segment.low.order(place) == -1 and place.order(segment.high) == -1:
            return value_at(segment.value, curve.variable, place)
    raise UndecidedError("a place that lies in no segment for certain")


def slope_at_cut(derivative: Curve, place: Number) -> Number:
    """The slope between two segments, where it has one limit from both sides."""
    limits = [
        limit(s.value, derivative.variable, place, side)
        for s in derivative.segments
        for end, side in ((s.low, 1), (s.high, -1))
        if end == place
    ]
    if any(number.order(limits[0]) != 0 for number in limits):
        raise UndecidedError("the slope jumps there")
    return limits[0]


def direction(curve: Curve, slopes: Signs) -> str | None:
    """`increasing`, `decreasing`, `constant` (not strictly, over the whole domain) or None if it is none of them.

    Raises:
        UndecidedError: if that was not decided.
    """
    if slopes.is_endless:
        return None
    if slopes.gap is not None:
        raise UndecidedError(slopes.gap)
    steps = {t.sign for _, t in slopes.stretches}
    for point in curve.points:
        left, right = sides(curve, slopes, point)
        ordered = [left.limit] if left else []
        ordered += [exactly(point.value)] if point.value is not None else []
        ordered += [right.limit] if right else []
        if point.place.exact is None and left and right and step(curve, point.place) == 0:
            continue
        for a, b in itertools.pairwise(ordered):
            order = a.order(b)
            if order is None:
                raise UndecidedError("a jump was not decided")
            steps.add(-order)
    if has_gaps(curve) or (curve.period is not None and steps != {0}):
        return None
    return _word(steps, "increasing", "decreasing", "constant")


def bending(curve: Curve, derivative: Curve, bends: Signs) -> str | None:
    """`convex`, `concave`, `affine` (over the whole domain) or None; raises as `direction`."""
    if not is_continuous(curve):
        return None
    if bends.is_endless:
        return None
    if bends.gap is not None:
        raise UndecidedError(bends.gap)
    steps = {t.sign for _, t in bends.stretches}
    for point in derivative.points:
        left, right = sides(derivative, bends, point)
        if left and right:
            order = left.limit.order(right.limit)
            if order is None:
                raise UndecidedError("a kink was not decided")
            steps.add(-order)
    return _word(steps, "convex", "concave", "affine")


def _word(steps: set[int], up: str, down: str, level: str) -> str | None:
    if 1 in steps and -1 in steps:
        return None
    return up if 1 in steps else down if -1 in steps else level
