"""The range of a function: its least and its greatest value, or what it only approaches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy as sp

from actgen.analysis.bounds import Bound, Extent, outermost, value_at
from actgen.analysis.curve import Curve, Segment
from actgen.analysis.ends import limit
from actgen.analysis.expansion import End, expanded
from actgen.analysis.isolation import chart
from actgen.analysis.joining import step
from actgen.analysis.numbers import Number, dyadic, exactly
from actgen.analysis.oscillation import Oscillation, oscillation
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.calculus import partial

_STARTS = (8, 32, 128)


def extent(curve: Curve) -> Extent:
    """The range of a curve over its segments and points.

    Raises:
        UndecidedError: if a limit or a stationary point was not decided.
    """
    candidates = [c for s in curve.segments for c in _at_ends(curve, s)]
    candidates += [Bound(exactly(p.value), True) for p in curve.points if p.value is not None]
    if not _is_line(candidates):
        candidates += [c for s in curve.segments for c in _inside(curve, s, candidates)]
    return Extent(outermost(candidates, -1), outermost(candidates, 1))


def _is_line(candidates: Sequence[Bound]) -> bool:
    """Whether both infinities are approached, so that nothing in between can be further out."""
    ends = {c.number.exact for c in candidates}
    return {sp.S.Infinity, sp.S.NegativeInfinity} <= ends


def _at_ends(curve: Curve, segment: Segment) -> Iterator[Bound]:
    if curve.is_wave:
        return
    for place, side in ((segment.low, 1), (segment.high, -1)):
        for number in accumulation(segment.value, curve.variable, place, side):
            yield Bound(number, False if place.exact is not None else _is_reached(curve, place))


def _is_reached(curve: Curve, place: Number) -> bool | None:
    """Whether the limit at a breakpoint without an exact form is a value; None if the pieces do not meet there."""
    inside = {s.low for s in curve.segments} & {s.high for s in curve.segments}
    return True if place in inside and step(curve, place) == 0 else None


def accumulation(value: sp.Expr, variable: sp.Symbol, place: Number, side: int) -> tuple[Number, ...]:
    """The limit at an end of an interval; without one, the limits inferior and superior.

    Raises:
        UndecidedError: if they were not found.
    """
    try:
        return (limit(value, variable, place, side),)
    except UndecidedError:
        if not place.is_infinite:
            raise
    low, high = oscillation(value, variable, place).accumulation()
    if low is None or high is None:
        raise UndecidedError("the least or the greatest value of an oscillation is 0 to first order")
    return (low,) if low.order(high) == 0 else (low, high)


def _inside(curve: Curve, segment: Segment, outside: Sequence[Bound]) -> list[Bound]:
    """The values where the slope is 0; where those have no end, the ones that no value further out exceeds."""
    wave = _wave(curve, segment)
    if wave is not None:
        return [Bound(wave.low, True), Bound(wave.high, True)]
    slope = partial(segment.value, curve.variable)
    signs = chart(slope, curve.variable, segment.low, segment.high)
    if signs.gap is not None:
        return _within_reach(curve, segment, slope, outside, signs.gap)
    found = [Bound(value_at(segment.value, curve.variable, z), True) for z in signs.zeros]
    if all(s.sign == 0 for s in signs.stretches):
        middle = sp.simplify(segment.value) if segment.value.has(curve.variable) else segment.value
        found.append(Bound(exactly(middle), True))
    return found


def _wave(curve: Curve, segment: Segment) -> Oscillation | None:
    """What the function is if it is a periodic function of an angle that grows without end."""
    for end in (segment.low, segment.high):
        if end.is_infinite and segment.value.has(sp.sin, sp.cos):
            try:
                found = oscillation(segment.value, curve.variable, end)
            except UndecidedError:
                continue
            if found.is_whole:
                return found
    return None


def _within_reach(curve: Curve, segment: Segment, slope: sp.Expr, outside: Sequence[Bound], gap: str) -> list[Bound]:
    x = curve.variable
    ends = [e for e in (segment.low, segment.high) if e.is_infinite]
    for start in _STARTS if ends and curve.period is None else ():
        low, high = (
            exactly(sp.Integer(s * start)) if e.is_infinite else e for e, s in ((segment.low, -1), (segment.high, 1))
        )
        if low.order(high) != -1:
            continue
        signs = chart(slope, x, low, high)
        found = [Bound(value_at(segment.value, x, z), True) for z in signs.zeros]
        if signs.gap is None and all(_is_below(segment, x, e, start, [*outside, *found]) for e in ends):
            return found
    raise UndecidedError(gap)


def _reached(end: Number, start: int) -> Number:
    return exactly(sp.Integer(start)) if end.is_infinite else end


def _is_below(segment: Segment, x: sp.Symbol, end: Number, start: int, candidates: Sequence[Bound]) -> bool:
    """Whether the function stays between the outermost candidates all the way beyond a start."""
    assert end.exact is not None
    for side in (-1, 1):
        edge = outermost(candidates, side).number
        if edge.is_infinite:
            continue
        level = dyadic(edge.ball.upper() if side < 0 else edge.ball.lower())  # on the inner side of the edge
        difference = segment.value - sp.Rational(level.numerator, level.denominator)
        try:
            if expanded(difference, x, End(end.exact), start).sign() != -side:
                return False
        except UndecidedError:
            return False
    return True
