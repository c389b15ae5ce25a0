"""Smoothness at breakpoints, proved at the nominal parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from actgen.activation import Smoothness
from actgen.symbolic.calculus import limit, vanishes
from actgen.symbolic.derivation import Breakpoint
from actgen.symbolic.points import Meeting, same, solve_key

_LEVELS = (Smoothness.DISCONTINUOUS, Smoothness.C0, Smoothness.C1, Smoothness.C2, Smoothness.CINF)


def breakpoint_at(meeting: Meeting, variable: sp.Symbol, nominal: Mapping[sp.Symbol, sp.Expr]) -> Breakpoint:
    """The breakpoint of a meeting along an input, with its smoothness at the nominal parameters."""
    location = _location(meeting, variable)
    place = location.subs(nominal)
    level, proof = _prove(meeting, variable, place, nominal)
    return Breakpoint(variable.name, location, float(place.evalf(30)), level, proof)


def _location(meeting: Meeting, variable: sp.Symbol) -> sp.Expr:
    slope = sp.diff(meeting.key, variable)
    if slope.is_number:
        return sp.expand(variable - (meeting.key - meeting.at) / slope)
    return solve_key(meeting.key, meeting.at)[1]


def _prove(
    meeting: Meeting, variable: sp.Symbol, place: sp.Expr, nominal: Mapping[sp.Symbol, sp.Expr]
) -> tuple[Smoothness | None, str]:
    below, above = meeting.below.value.subs(nominal), meeting.above.value.subs(nominal)
    here = meeting.here.value.subs(nominal).subs(variable, place)
    if vanishes(below - above):
        return Smoothness.CINF, "both sides are the same function"
    for order in range(3):
        left = limit(sp.diff(below, variable, order), variable, place, "-")
        right = limit(sp.diff(above, variable, order), variable, place, "+")
        if left is None or right is None:
            return None, f"the one-sided limits of order {order} were not found"
        if not same(left, right):
            return _LEVELS[order], f"order {order}: {_short(left)} from below, {_short(right)} from above"
        if order == 0 and not here.has(sp.nan, sp.zoo) and not same(here, left):
            return Smoothness.DISCONTINUOUS, f"the value there is {_short(here)}, the limit {_short(left)}"
    return Smoothness.C2, "value, first and second derivative agree"


def _short(value: sp.Expr) -> str:
    number = sp.nsimplify(value) if value.is_Float else value
    return str(number) if len(str(number)) <= 24 else str(sp.N(number, 6))


def worst(levels: Sequence[Smoothness | None]) -> Smoothness | None:
    """The lowest smoothness; None if any is unproved."""
    if None in levels:
        return None
    return min((level for level in levels if level), key=_LEVELS.index, default=Smoothness.CINF)
