"""Smoothness at breakpoints, proved at the nominal parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from actgen.activation import Smoothness
from actgen.symbolic.calculus import limit, vanishes
from actgen.symbolic.derivation import Breakpoint
from actgen.symbolic.points import Meeting, same, solve_key
from actgen.symbolic.regions import compare

_LEVELS = (Smoothness.DISCONTINUOUS, Smoothness.C0, Smoothness.C1, Smoothness.C2, Smoothness.CINF)


def breakpoints_at(meeting: Meeting, variable: sp.Symbol, nominal: Mapping[sp.Symbol, sp.Expr]) -> list[Breakpoint]:
    """The breakpoints of a meeting along an input, with their smoothness at the nominal parameters.

    A key that is not linear in the input has as many as it has real roots where the other conditions hold.
    """
    found = []
    for location in _locations(meeting, variable, nominal):
        place = location.subs(nominal)
        if place.free_symbols or not _lies_on_both(meeting, variable, place, nominal):
            continue
        level, proof = _prove(meeting, variable, place, nominal)
        found.append(Breakpoint(variable.name, location, float(place.evalf(30)), level, proof))
    return found


def _locations(meeting: Meeting, variable: sp.Symbol, nominal: Mapping[sp.Symbol, sp.Expr]) -> list[sp.Expr]:
    slope = sp.diff(meeting.key, variable)
    if slope.is_number:
        return [sp.expand(variable - (meeting.key - meeting.at) / slope)]
    equation = (meeting.key - meeting.at).subs(nominal)
    if not equation.is_polynomial(variable) or equation.free_symbols != {variable}:
        return [solve_key(meeting.key, meeting.at)[1]]
    roots = sp.Poly(equation, variable).real_roots(multiple=False, radicals=False)
    return [root if root.is_Rational else sp.Float(root.evalf(30), 30) for root, _ in roots]


def _lies_on_both(meeting: Meeting, variable: sp.Symbol, place: sp.Expr, nominal: Mapping[sp.Symbol, sp.Expr]) -> bool:
    """Whether the other conditions of both sides hold at the place."""
    for case in (meeting.below, meeting.above):
        for key, interval in case.region.box.items():
            if key == meeting.key:
                continue
            value = key.subs(nominal).subs(variable, place)
            if value.free_symbols:
                continue
            if compare(value, interval.low) < 0 or compare(value, interval.high) > 0:
                return False
    return True


def _prove(
    meeting: Meeting, variable: sp.Symbol, place: sp.Expr, nominal: Mapping[sp.Symbol, sp.Expr]
) -> tuple[Smoothness | None, str]:
    below, above = meeting.below.value.subs(nominal), meeting.above.value.subs(nominal)
    here = meeting.here.value.subs(nominal).subs(variable, place)
    if vanishes(below - above) and _continues(below, above, here, variable, place):
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


def _continues(below: sp.Expr, above: sp.Expr, here: sp.Expr, variable: sp.Symbol, place: sp.Expr) -> bool:
    """Whether a function that is the same on both sides has no pole between them, and the value there is its own."""
    left, right = limit(below, variable, place, "-"), limit(above, variable, place, "+")
    if left is None or right is None or not same(left, right) or left.is_infinite:
        return False
    return here.has(sp.nan, sp.zoo) or same(here, left)


def _short(value: sp.Expr) -> str:
    number = sp.nsimplify(value) if value.is_Float else value
    return str(number) if len(str(number)) <= 24 else str(sp.N(number, 6))


def worst(levels: Sequence[Smoothness | None]) -> Smoothness | None:
    """The lowest smoothness; None if any is unproved."""
    if None in levels:
        return None
    return min((level for level in levels if level), key=_LEVELS.index, default=Smoothness.CINF)
