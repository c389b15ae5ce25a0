"""Decides what holds at each single point between two pieces (SPEC: kinks and removable singularities)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import sympy as sp

from actgen.symbolic.calculus import UNDEFINED, partial
from actgen.symbolic.pieces import Case, merge
from actgen.symbolic.points import Meeting, Side, approach, meetings, same, solve_key
from actgen.symbolic.regions import Interval, Region


class Problem(Enum):
    """What can be wrong at a point."""

    NOT_THE_LIMIT = "the branch value is not the limit"
    NOT_BETWEEN = "the one-sided derivatives differ and the composed one is not between them"


@dataclass(frozen=True, slots=True)
class Settled:
    """A case with its partials; `is_limit` marks a point whose partials are limits."""

    case: Case
    partials: Mapping[sp.Symbol, sp.Expr]
    is_limit: bool = False


def settle(
    cases: Sequence[Case],
    symbols: Mapping[str, sp.Symbol],
    inputs: set[sp.Symbol],
    nominal: Mapping[sp.Symbol, sp.Expr],
    report: Callable[[Problem, Meeting], None],
) -> list[Settled]:
    """Attaches points to a side where that is right, gives the others their limits, and reports faults."""
    variables = tuple(symbols.values())
    current = list(cases)
    limits: dict[Case, Settled] = {}
    while True:
        pending = [m for m in meetings(current) if m.point is not None and m.point not in limits]
        pending = [m for m in pending if not any(k.free_symbols & inputs for k in m.further)]
        if not pending:
            break
        meeting = pending[0]
        assert meeting.point is not None
        below, above = approach(meeting, variables)
        if meeting.further:
            limits[meeting.point] = _partly(meeting.point, below, above, variables)
            continue
        host, partials, problem = _decide(meeting, meeting.point, below, above, variables, nominal)
        if problem:
            report(problem, meeting)
        if host is None:
            limits[meeting.point] = _limited(meeting.point, below, above, partials)
        else:
            current = merge(_attach(current, meeting, host))
    return [limits[c] if c in limits else Settled(c, {v: partial(c.value, v) for v in variables}) for c in current]


def _limited(point: Case, below: Side, above: Side, partials: Mapping[sp.Symbol, sp.Expr]) -> Settled:
    """The point with its own partials, or with those that are limits; also its value, if it has none (x·log|x|)."""
    if point.value.has(*UNDEFINED) and above.value is not None and same(below.value, above.value):
        return Settled(replace(point, value=above.value), partials, is_limit=True)
    return Settled(point, partials, is_limit=dict(partials) != {v: partial(point.value, v) for v in partials})


def _partly(point: Case, below: Side, above: Side, variables: Sequence[sp.Symbol]) -> Settled:
    """A point that some parameters share has the limits that both sides agree on there; no side can take it."""
    composed = {v: partial(point.value, v) for v in variables}
    between = same(below.value, above.value) and same(point.value, above.value)
    if between or point.value.has(*UNDEFINED):
        composed |= {v: p for v, p in above.partials.items() if p is not None and same(below.partials[v], p)}
    return _limited(point, below, above, composed)


def _decide(
    meeting: Meeting,
    point: Case,
    below: Side,
    above: Side,
    variables: Sequence[sp.Symbol],
    nominal: Mapping[sp.Symbol, sp.Expr],
) -> tuple[Case | None, Mapping[sp.Symbol, sp.Expr], Problem | None]:
    """The side that takes the point (or None), the point's own partials, and what is wrong."""
    variable, location = solve_key(meeting.key, meeting.at)
    composed = {v: partial(point.value, v) for v in variables}
    value = point.value.subs(variable, location)
    if not same(below.value, above.value):
        return None, composed, None
    undefined = value.has(*UNDEFINED)
    if not undefined and not same(value, above.value):
        return None, composed, Problem.NOT_THE_LIMIT
    if all(same(below.partials[v], above.partials[v]) for v in variables):
        for side in (meeting.above, meeting.below):
            if _regular(side.value, variable, location, variables):
                return side, {}, None
        return None, {v: p for v, p in above.partials.items() if p is not None}, None
    for case, side in ((meeting.above, above), (meeting.below, below)):
        regular = _regular(case.value, variable, location, variables)
        if regular and all(same(composed[v].subs(variable, location), side.partials[v]) for v in variables):
            return case, {}, None
    between = all(_between(composed[v], below.partials[v], above.partials[v], meeting, nominal) for v in variables)
    return None, composed, None if between else Problem.NOT_BETWEEN


def _regular(value: sp.Expr, variable: sp.Symbol, location: sp.Expr, variables: Sequence[sp.Symbol]) -> bool:
    return not any(
        part.subs(variable, location).has(*UNDEFINED, sp.oo)
        for part in (value, *(partial(value, v) for v in variables))
    )


def _between(
    composed: sp.Expr,
    below: sp.Expr | None,
    above: sp.Expr | None,
    meeting: Meeting,
    nominal: Mapping[sp.Symbol, sp.Expr],
) -> bool:
    if below is None or above is None:
        return True
    variable, location = solve_key(meeting.key, meeting.at)
    probe = {s: sp.Rational(1, 3) for s in composed.free_symbols | below.free_symbols | above.free_symbols}
    probe |= {s: v for s, v in nominal.items() if s in probe}
    probe.pop(variable, None)
    place = {**probe, variable: location.subs(probe)}
    here, low, high = (sp.N(e.subs(place), 30) for e in (composed, below, above))
    if not all(n.is_comparable for n in (here, low, high)):
        return True
    slack = sp.Float("1e-20")
    return bool(sp.Min(low, high) - slack <= here <= sp.Max(low, high) + slack)


def _attach(cases: list[Case], meeting: Meeting, host: Case) -> list[Case]:
    interval = host.region.box[meeting.key]
    low, high = interval.low == meeting.at, interval.high == meeting.at
    grown = Interval(interval.low, interval.high, interval.low_closed or low, interval.high_closed or high)
    region = Region({**host.region.box, meeting.key: grown})
    return [replace(c, region=region) if c == host else c for c in cases if c != meeting.point]
