"""Smoothness at breakpoints, proved at the nominal parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy as sp

from actgen.activation import Smoothness
from actgen.symbolic.calculus import limit, vanishes
from actgen.symbolic.derivation import Breakpoint
from actgen.symbolic.pieces import Case
from actgen.symbolic.points import Meeting, same, solve_key
from actgen.symbolic.products import decimal_text
from actgen.symbolic.regions import EVERYWHERE, Interval, compare
from actgen.symbolic.roots import real_roots

_EXACT = 12
_LEVELS = (Smoothness.DISCONTINUOUS, Smoothness.C0, Smoothness.C1, Smoothness.C2, Smoothness.CINF)


def breakpoints_at(meeting: Meeting, variable: sp.Symbol, nominal: Mapping[sp.Symbol, sp.Expr]) -> list[Breakpoint]:
    """The breakpoints of a meeting along an input, with their smoothness at the nominal parameters.

    A key that is not linear in the input has as many as it has real roots where the other conditions hold.
    """
    found = []
    for location in _locations(meeting, variable, nominal):
        place = location.subs(nominal)
        if place.free_symbols:
            continue
        at = _Place(variable, place, nominal)
        left, right = at.sides(meeting)
        if not at.meet(meeting):
            continue
        if at.reaches(left, meeting.key, -1) and at.reaches(right, meeting.key, 1):
            level, proof = _prove(at, left, right, meeting.here)
            found.append(Breakpoint(variable.name, location, float(place.evalf(30)), level, proof))
    return found


@dataclass(frozen=True, slots=True)
class _Place:
    """A point on the axis of an input, at the nominal parameters."""

    variable: sp.Symbol
    place: sp.Expr
    nominal: Mapping[sp.Symbol, sp.Expr]

    def sides(self, meeting: Meeting) -> tuple[Case, Case]:
        """The cases on the left and on the right; a key may fall where the input grows."""
        slope = self._at(sp.diff(meeting.key, self.variable))
        falling = _is_known(slope) and compare(slope, sp.S.Zero) < 0
        return (meeting.above, meeting.below) if falling else (meeting.below, meeting.above)

    def reaches(self, case: Case, along: sp.Expr, side: int) -> bool:
        """Whether the case's other conditions hold next to the place, to the left (-1) or to the right (1) of it."""
        return all(self._holds(key, interval, side) for key, interval in case.region.box.items() if key != along)

    def meet(self, meeting: Meeting) -> bool:
        """Whether other inputs have values at which both cases hold beside the place."""
        open_to: dict[sp.Symbol, Interval] = {}
        for case in (meeting.below, meeting.above):
            for key, interval in case.region.box.items():
                value = self._at(key)
                if key == meeting.key or _is_known(value):
                    continue
                allowed = _solved(value, interval)
                if allowed is None:  # a condition on several other inputs at once
                    return meeting.agrees
                other, stretch = allowed
                both = open_to.get(other, EVERYWHERE).intersect(stretch)
                if both is None:
                    return False
                open_to[other] = both
        return True

    def _holds(self, key: sp.Expr, interval: Interval, side: int) -> bool:
        value, slope = self._at(key), self._at(sp.diff(key, self.variable))
        if not (_is_known(value) and _is_known(slope)):  # another input decides
            return True
        low, high = compare(value, interval.low), compare(value, interval.high)
        if not key.has(self.variable):
            return (low > 0 or (low == 0 and interval.low_closed)) and (
                high < 0 or (high == 0 and interval.high_closed)
            )
        entering = compare(slope, sp.S.Zero) * side  # 0: a flat key may go either way
        return (low > 0 or (low == 0 and entering >= 0)) and (high < 0 or (high == 0 and entering <= 0))

    def _at(self, expression: sp.Expr) -> sp.Expr:
        return expression.subs(self.nominal).subs(self.variable, self.place)


def _locations(meeting: Meeting, variable: sp.Symbol, nominal: Mapping[sp.Symbol, sp.Expr]) -> list[sp.Expr]:
    slope = sp.diff(meeting.key, variable)
    if slope.is_number:
        return [sp.expand(variable - (meeting.key - meeting.at) / slope)]
    equation = (meeting.key - meeting.at).subs(nominal)
    if equation.free_symbols != {variable}:
        return [solve_key(meeting.key, meeting.at)[1]]
    if not equation.is_polynomial(variable):
        return real_roots(equation, variable)
    roots = sp.Poly(equation, variable).real_roots(multiple=False, radicals=False)
    return [root if root.is_Rational else sp.Float(root.evalf(30), 30) for root, _ in roots]


def _solved(value: sp.Expr, interval: Interval) -> tuple[sp.Symbol, Interval] | None:
    """A condition on a straight line in one symbol as one on the symbol."""
    if len(value.free_symbols) != 1:
        return None
    (symbol,) = value.free_symbols
    slope = sp.diff(value, symbol)
    if not _is_known(slope) or slope.is_zero:
        return None
    start = value.subs(symbol, 0)
    low, high = ((bound - start) / slope for bound in (interval.low, interval.high))
    if slope.is_negative:
        return symbol, Interval(high, low, interval.high_closed, interval.low_closed)
    return symbol, Interval(low, high, interval.low_closed, interval.high_closed)


def _is_known(value: sp.Expr) -> bool:
    return bool(value.is_real) and not value.free_symbols


def _prove(at: _Place, left: Case, right: Case, here: Case) -> tuple[Smoothness | None, str]:
    variable, place = at.variable, at.place
    before, after = left.value.subs(at.nominal), right.value.subs(at.nominal)
    value = here.value.subs(at.nominal).subs(variable, place)
    if vanishes(before - after) and _continues(before, after, value, variable, place):
        return Smoothness.CINF, "both sides are the same function"
    for order, what in enumerate(("value", "first derivative", "second derivative")):
        from_below = limit(sp.diff(before, variable, order), variable, place, "-")
        from_above = limit(sp.diff(after, variable, order), variable, place, "+")
        if from_below is None or from_above is None:
            return None, f"the one-sided limits of the {what} were not found"
        if not same(from_below, from_above):
            below, above = _shown(from_below, from_above)
            return _LEVELS[order], f"{what}: {below} from below, {above} from above"
        if order == 0 and not value.has(sp.nan, sp.zoo) and not same(value, from_below):
            there, around = _shown(value, from_below)
            return Smoothness.DISCONTINUOUS, f"the value there is {there}, the limit {around}"
    return Smoothness.C2, "value, first and second derivative agree"


def _continues(before: sp.Expr, after: sp.Expr, here: sp.Expr, variable: sp.Symbol, place: sp.Expr) -> bool:
    """Whether a function that is the same on both sides has no pole between them, and the value there is its own."""
    left, right = limit(before, variable, place, "-"), limit(after, variable, place, "+")
    if left is None or right is None or not same(left, right) or left.is_infinite:
        return False
    return here.has(sp.nan, sp.zoo) or same(here, left)


def _shown(*values: sp.Expr) -> tuple[str, ...]:
    """Different numbers as different texts, each exact where that is short."""
    for digits in (6, 12, 24):
        texts = tuple(_text(value, digits) for value in values)
        if len(set(texts)) == len(texts):
            return texts
    return tuple(str(value) for value in values)


def _text(value: sp.Expr, digits: int) -> str:
    if value in (sp.S.Infinity, sp.S.NegativeInfinity):
        return "∞" if value == sp.S.Infinity else "-∞"
    exact = decimal_text(value) or str(value)
    return exact if len(exact) <= _EXACT and not value.is_Float else f"≈{sp.N(value, digits)}"


def one_each(points: Sequence[Breakpoint]) -> list[Breakpoint]:
    """Of the breakpoints at one place, where different pieces can meet, the least smooth."""
    found: dict[tuple[str, sp.Expr], Breakpoint] = {}
    for point in points:
        other = found.setdefault((point.variable, point.location), point)
        if _rank(point) < _rank(other):
            found[point.variable, point.location] = point
    return sorted(found.values(), key=lambda point: (point.variable, point.nominal))


def _rank(point: Breakpoint) -> int:
    """What is not proved may be anything."""
    return -1 if point.smoothness is None else _LEVELS.index(point.smoothness)


def worst(levels: Sequence[Smoothness | None]) -> Smoothness | None:
    """The lowest smoothness; None if any is unproved."""
    if None in levels:
        return None
    return min((level for level in levels if level), key=_LEVELS.index, default=Smoothness.CINF)
