"""What holds at a single point between two pieces: one side's expression, a limit, or a value of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy as sp

from actgen.symbolic.calculus import partial, vanishes
from actgen.symbolic.pieces import Case
from actgen.symbolic.regions import Interval, Region
from actgen.symbolic.roots import real_roots
from actgen.symbolic.signs import Signs, signs_in


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two neighbouring cases along a key, and what stands at the point between them (None: one side holds it)."""

    key: sp.Expr
    at: sp.Expr
    below: Case
    above: Case
    point: Case | None

    @property
    def agrees(self) -> bool:
        """Whether one side's other conditions are among the other's, so that both can hold at once."""
        return _covers(_without(self.above.region, self.key), _without(self.below.region, self.key))

    @property
    def further(self) -> Mapping[sp.Expr, Interval]:
        """What the point's case asks for and both sides do not, as of parameters: p >= 0 for |0|^p."""
        beside = self.below.region.box
        return {k: v for k, v in self.point.region.box.items() if k not in beside} if self.point else {}

    @property
    def here(self) -> Case:
        """The case that holds at the point itself."""
        if self.point is not None:
            return self.point
        return self.above if self.above.region.box[self.key].low_closed else self.below


def meetings(cases: Sequence[Case]) -> list[Meeting]:
    """Every pair of cases that meet along one key with all other conditions equal.

    Where several cases share the point between them, by conditions of their own, there is one meeting for each.
    """
    found = []
    for below in cases:
        for key, interval in below.region.box.items():
            if interval.high == sp.S.Infinity or interval.is_point:
                continue
            rest = _without(below.region, key)
            at = interval.high
            above = _starting(cases, rest, key, at)
            if above is not None:
                points = _at_point(cases, rest, key, at)
                found += [Meeting(key, at, below, above, point) for point in points or [None]]
    return sorted(found, key=lambda m: (sp.default_sort_key(m.key), sp.default_sort_key(m.at)))


def neighbours(cases: Sequence[Case]) -> list[Meeting]:
    """Every pair of cases that may meet along one key: their other conditions do not exclude each other.

    `x <= a` and `a < x < b` are neighbours along `x - a`, though only one of them says something about `x - b`. Whether
    they do meet depends on the parameters.
    """
    found = []
    for below in cases:
        for key, interval in below.region.box.items():
            if interval.high == sp.S.Infinity or interval.is_point:
                continue
            starting = [c for c in cases if _may_hold_beside(c, below, key)]
            point = next((c for c in starting if c.region.box[key].is_point), None)
            for above in starting:
                if above is not point:
                    found.append(Meeting(key, interval.high, below, above, point))
    return sorted(found, key=lambda m: (sp.default_sort_key(m.key), sp.default_sort_key(m.at)))


def _may_hold_beside(case: Case, below: Case, key: sp.Expr) -> bool:
    """Whether the case begins where the other one ends along the key, and can hold under the same other conditions."""
    box, other = case.region.box, below.region.box
    if key not in box or box[key].low != other[key].high:
        return False
    return all(box[k].intersect(other[k]) is not None for k in box.keys() & other.keys() if k != key)


def _without(region: Region, key: sp.Expr) -> Mapping[sp.Expr, Interval]:
    return {k: v for k, v in region.box.items() if k != key}


def _starting(cases: Sequence[Case], rest: Mapping[sp.Expr, Interval], key: sp.Expr, at: sp.Expr) -> Case | None:
    for case in cases:
        interval = case.region.box.get(key)
        if interval and interval.low == at and not interval.is_point and _covers(_without(case.region, key), rest):
            return case
    return None


def _at_point(cases: Sequence[Case], rest: Mapping[sp.Expr, Interval], key: sp.Expr, at: sp.Expr) -> list[Case]:
    """The case at the point itself; or those that share it by further conditions."""
    points = [c for c in cases if key in c.region.box and c.region.box[key].is_point and c.region.box[key].low == at]
    whole = next((c for c in points if _covers(_without(c.region, key), rest)), None)
    return [whole] if whole else [c for c in points if rest.items() <= _without(c.region, key).items()]


def _covers(outer: Mapping[sp.Expr, Interval], inner: Mapping[sp.Expr, Interval]) -> bool:
    return all(k in inner and v.intersect(inner[k]) is not None for k, v in outer.items()) or outer == inner


@dataclass(frozen=True, slots=True)
class Side:
    """One side's limits at the point: the value, and the partial with respect to each symbol (None: not found)."""

    value: sp.Expr | None
    partials: Mapping[sp.Symbol, sp.Expr | None]


def approach(meeting: Meeting, symbols: Sequence[sp.Symbol]) -> tuple[Side, Side]:
    """The limits from below and from above."""
    variable, location = solve_key(meeting.key, meeting.at)
    signs = signs_in(meeting.further, symbols)
    return (
        _side(meeting.below.value, variable, location, symbols, "-", signs),
        _side(meeting.above.value, variable, location, symbols, "+", signs),
    )


def _side(
    value: sp.Expr, variable: sp.Symbol, location: sp.Expr, symbols: Sequence[sp.Symbol], side: str, signs: Signs
) -> Side:
    return Side(
        signs.limit(value, variable, location, side),
        {s: signs.limit(partial(value, s), variable, location, side) for s in symbols},
    )


def solve_key(key: sp.Expr, at: sp.Expr) -> tuple[sp.Symbol, sp.Expr]:
    """A symbol in which the key is linear with a numeric slope, and its value where `key = at`.

    Keys that are not linear in any symbol give one of the roots.
    """
    for symbol in sorted(key.free_symbols, key=str):
        slope = sp.diff(key, symbol)
        if slope.is_number and not slope.is_zero:
            return symbol, sp.expand(symbol - (key - at) / slope)
    symbol = min(key.free_symbols, key=str)
    roots = real_roots(key - at, symbol)
    return symbol, roots[-1] if roots else at


def same(a: sp.Expr | None, b: sp.Expr | None) -> bool:
    """Whether two limits were found and are equal."""
    return a is not None and b is not None and (a == b or vanishes(a - b))
