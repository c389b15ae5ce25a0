"""The range of a function: its least and its greatest value, or what it only approaches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import flint
import sympy as sp

from actgen.analysis.curve import Curve, Segment
from actgen.analysis.ends import limit
from actgen.analysis.evaluation import tape
from actgen.analysis.isolation import Chart, chart
from actgen.analysis.numbers import Number, exactly
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.calculus import partial

Charted = Callable[[Segment], Chart]


@dataclass(frozen=True, slots=True)
class Bound:
    """An end of a range; `attained` is None if that was not decided."""

    number: Number
    attained: bool | None


@dataclass(frozen=True, slots=True)
class Extent:
    """The infimum and the supremum."""

    low: Bound
    high: Bound

    def largest(self) -> Number:
        """The supremum of the absolute value."""
        low, high = self.low.number, self.high.number
        below = Number(-low.ball, None if low.exact is None else -low.exact)
        order = below.order(high)
        if order is None:
            return Number(below.ball.union(high.ball))
        return below if order > 0 else high


def value_at(segment: Segment, variable: sp.Symbol, place: Number) -> Number:
    """The value at a place inside of a segment."""
    if place.exact is not None:
        return exactly(segment.value.subs(variable, place.exact))
    return Number(tape(segment.value).real(place.ball))


def extent(curve: Curve) -> Extent:
    """The range of a curve over its segments and points.

    Raises:
        UndecidedError: if a limit or a stationary point was not decided.
    """
    candidates = [c for s in curve.segments for c in _of_segment(curve, s)]
    candidates += [Bound(exactly(p.value), True) for p in curve.points if p.value is not None]
    if _is_line(candidates):
        return Extent(_outermost(candidates, -1), _outermost(candidates, 1))
    for segment in curve.segments:
        signs = chart(partial(segment.value, curve.variable), curve.variable, segment.low, segment.high)
        if signs.gap is not None:
            raise UndecidedError(signs.gap)
        candidates += [Bound(value_at(segment, curve.variable, z), True) for z in signs.zeros]
        if all(s.sign == 0 for s in signs.stretches):
            middle = sp.simplify(segment.value) if segment.value.has(curve.variable) else segment.value
            candidates.append(Bound(exactly(middle), True))
    return Extent(_outermost(candidates, -1), _outermost(candidates, 1))


def _is_line(candidates: Sequence[Bound]) -> bool:
    """Whether both infinities are approached, so that nothing in between can be further out."""
    ends = {c.number.exact for c in candidates}
    return {sp.S.Infinity, sp.S.NegativeInfinity} <= ends


def _of_segment(curve: Curve, segment: Segment) -> Iterator[Bound]:
    if curve.period is not None and len(curve.segments) == 1:
        return
    for place, side in ((segment.low, 1), (segment.high, -1)):
        yield Bound(limit(segment.value, curve.variable, place, side), False)


def _outermost(candidates: Sequence[Bound], side: int) -> Bound:
    """The candidate furthest to one side; where balls overlap undecided, their hull."""
    best = candidates[0]
    for other in candidates[1:]:
        order = other.number.order(best.number)
        if order is None:
            hull = _hull(other.number.ball, best.number.ball, side)
            attained = True if best.attained and other.attained else None
            best = Bound(Number(hull, None), attained)
        elif order == 0:
            attained = True if best.attained or other.attained else best.attained
            best = Bound(best.number, attained)
        elif order == side:
            best = other
    return best


def _hull(a: flint.arb, b: flint.arb, side: int) -> flint.arb:
    return a.max(b) if side > 0 else a.min(b)
