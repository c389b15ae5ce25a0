"""The signs of a function on a stretch of the line, and all of its zeros there, by bisection in balls.

Beside an end, finite or not, the series of `expansion.py` proves one sign; in between the function is analytic, and an
interval has no zero if the enclosure excludes 0, at most one if that of the derivative does.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

import flint
import sympy as sp

from actgen.analysis.evaluation import Tape, tape
from actgen.analysis.expansion import End, expanded
from actgen.analysis.jets import model
from actgen.analysis.numbers import Number, dyadic, exactly, known_zero, vanishes_exactly
from actgen.analysis.touching import isolated_zero
from actgen.analysis.undecided import UndecidedError

STARTS = tuple(2**k for k in range(3, 21))
_BUDGET = 6000
_NARROWEST = Fraction(1, 2**22)
_MOST = 64
_WIDE = 4
_REFINED = flint.arb(2) ** -120
_OPERATIONS = 1500


@dataclass(frozen=True, slots=True)
class Stretch:
    """An open interval on which a function has one sign; 0 where it is the function 0."""

    low: Number
    high: Number
    sign: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Where a function has which sign; zeros lie between two stretches. `gap` says what was not decided."""

    stretches: tuple[Stretch, ...]
    zeros: tuple[Number, ...] = ()
    gap: str | None = None


def chart(expression: sp.Expr, variable: sp.Symbol, low: Number, high: Number) -> Chart:
    """The signs of an expression that is analytic on the open interval (low, high)."""
    if low.exact is not None and high.exact is not None:
        return _between(expression, variable, low.exact, high.exact)
    return _chart(expression, variable, low, high)


@lru_cache(maxsize=256)
def _between(expression: sp.Expr, variable: sp.Symbol, low: sp.Expr, high: sp.Expr) -> Chart:
    return _chart(expression, variable, exactly(low), exactly(high))


def _chart(expression: sp.Expr, variable: sp.Symbol, low: Number, high: Number) -> Chart:
    if sp.count_ops(expression) > _OPERATIONS:
        return Chart((), gap="the formula is too long")
    if _is_zero(expression, variable, low, high):
        return Chart((Stretch(low, high, 0),))
    try:
        return _Search(expression, variable, low, high).run()
    except UndecidedError as error:
        return Chart((), gap=str(error))


def _is_zero(expression: sp.Expr, variable: sp.Symbol, low: Number, high: Number) -> bool:
    run = tape(expression)
    if not all(run.real(flint.arb(p)).contains(0) for p in map(exact_arb, samples(low, high))):
        return False
    return sp.expand(expression) == 0 or (sp.count_ops(expression) < 200 and sp.simplify(expression) == 0)


def samples(low: Number, high: Number) -> tuple[Fraction, ...]:
    """Three fractions between two numbers."""
    left = None if low.is_infinite else dyadic(low.ball.upper())
    right = None if high.is_infinite else dyadic(high.ball.lower())
    if left is None and right is None:
        return Fraction(-7, 5), Fraction(3, 11), Fraction(16, 7)
    if left is None or right is None:
        edge, side = (left, 1) if right is None else (right, -1)
        assert edge is not None
        return tuple(edge + side * step for step in (Fraction(1, 7), Fraction(13, 11), Fraction(17, 5)))
    return tuple(left + (right - left) * part for part in (Fraction(2, 7), Fraction(6, 11), Fraction(4, 5)))


def exact_arb(number: Fraction) -> flint.arb:
    """A fraction in the precision in use."""
    return flint.arb(flint.fmpq(number.numerator, number.denominator))


@dataclass(slots=True)
class _Search:
    expression: sp.Expr
    variable: sp.Symbol
    low: Number
    high: Number
    value: Tape = field(init=False)
    slope: Tape = field(init=False)
    spent: int = 0
    zeros: list[Number] = field(default_factory=list)
    open: list[tuple[Fraction, Fraction]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.value = tape(self.expression)
        self.slope = tape(sp.diff(self.expression, self.variable))

    def run(self) -> Chart:
        left, right = self._edge(self.low, 1), self._edge(self.high, -1)
        if left < right:
            self._bisect(left, right)
        gaps = [gap for gap in _joined(self.open) if not self._touches(*gap)]
        zeros = _distinct(self.zeros)
        if gaps:
            near = float(gaps[0][0])
            return Chart((), tuple(zeros), f"whether there is a zero near {near:.6g} was not decided")
        ends = [self.low, *zeros, self.high]
        return Chart(tuple(self._stretch(a, b) for a, b in itertools.pairwise(ends)), tuple(zeros))

    def _touches(self, low: Fraction, high: Fraction) -> bool:
        if (found := isolated_zero(self.expression, self.variable, low, high)) is not None:
            self.zeros.append(exactly(found))
        return found is not None

    def _stretch(self, low: Number, high: Number) -> Stretch:
        for place in samples(low, high):
            sign = self._sign(place)
            if sign:
                return Stretch(low, high, sign)
        raise UndecidedError("a sign between two zeros was not decided")

    def _edge(self, end: Number, side: int) -> Fraction:
        """Up to where the sign beside an end is proved to be one."""
        if end.exact is None:
            return dyadic(end.ball.upper() if side > 0 else end.ball.lower())
        other = self.high if side > 0 else self.low
        room = None if end.is_infinite or other.is_infinite else abs(other.ball - end.ball) / 2
        reason = "the end of the interval was not decided"
        at = End(end.exact, 0 if end.is_infinite else side)
        for start in STARTS:
            if room is not None and not room * start > 1:
                continue
            try:
                expanded(self.expression, self.variable, at, start).sign()
            except UndecidedError as error:
                reason = str(error)
                if reason != "too near":
                    break
                continue
            reached = at.reached(start)
            return dyadic(reached.lower() if side > 0 else reached.upper())
        raise UndecidedError(f"at {str(end.exact).replace('oo', '∞')}: {reason}")

    def _sign(self, place: Fraction) -> int:
        self.spent += 1
        found = self.value.real(exact_arb(place))
        return 1 if found > 0 else -1 if found < 0 else 0

    def _bisect(self, left: Fraction, right: Fraction) -> None:
        stack = [(left, right)]
        while stack:
            low, high = stack.pop()
            if self._settled(low, high):
                continue
            if high - low < _NARROWEST * max(1, abs(low), abs(high)):
                self.open.append((low, high))
                continue
            if self.spent > _BUDGET or len(self.zeros) > _MOST or len(self.open) > _MOST:
                raise UndecidedError("too many zeros, or too near each other")
            middle = low + (high - low) * Fraction(33, 64)  # the middle itself is too often a zero
            middle = Fraction(round(middle * 2**40), 2**40)
            stack += [(middle, high), (low, middle)]

    def _settled(self, low: Fraction, high: Fraction) -> bool:
        """Whether the interval has no zero, or its only one has been found."""
        self.spent += 2
        whole = exact_arb(low).union(exact_arb(high))
        around = self.value.real(whole)
        if around > 0 or around < 0:
            return True
        middle = exact_arb((low + high) / 2)
        tight = model(self.expression, middle, whole) if high - low < _WIDE else None
        slope = self.slope.real(whole) if tight is None or not tight.slope.is_finite() else tight.slope
        around = self.value.real(middle) + slope * (whole - middle) if tight is None else tight.value
        if around > 0 or around < 0:
            return True
        if not (slope > 0 or slope < 0):
            return False
        first, last = self._sign(low), self._sign(high)
        for sign, place in ((first, low), (last, high)):
            if sign == 0:
                return self._stands_at(place)
        if first != last:
            self.zeros.append(self._refined(low, high, first))
        return True

    def _stands_at(self, place: Fraction) -> bool:
        exact = sp.Rational(place.numerator, place.denominator)
        if not vanishes_exactly(self.expression.subs(self.variable, exact)):
            return False
        self.zeros.append(exactly(exact))
        return True

    def _refined(self, low: Fraction, high: Fraction, sign: int) -> Number:
        """The one zero of a monotone function, by Newton's method in balls, or by halves."""
        for _ in range(400):
            whole = exact_arb(low).union(exact_arb(high))
            if whole.rad() < _REFINED * max(1, abs(float(low))):
                break
            middle = (low + high) / 2
            step = exact_arb(middle) - self.value.real(exact_arb(middle)) / self.slope.real(whole)
            if step.is_finite():
                new_low, new_high = max(low, dyadic(step.lower())), min(high, dyadic(step.upper()))
                if new_high - new_low < (high - low) / 2 and new_low < new_high:
                    low, high = new_low, new_high
                    continue
            there = self._sign(middle)
            if there == 0:
                exact = sp.Rational(middle.numerator, middle.denominator)
                if vanishes_exactly(self.expression.subs(self.variable, exact)):
                    return exactly(exact)
                middle += (high - middle) / 7
                there = self._sign(middle)
            if there == 0:
                break
            low, high = (middle, high) if there == sign else (low, middle)
        return known_zero(self.expression, self.variable, exact_arb(low).union(exact_arb(high)))


def _joined(intervals: list[tuple[Fraction, Fraction]]) -> list[tuple[Fraction, Fraction]]:
    joined: list[tuple[Fraction, Fraction]] = []
    for low, high in sorted(intervals):
        if joined and joined[-1][1] == low:
            joined[-1] = (joined[-1][0], high)
        else:
            joined.append((low, high))
    return joined


def _distinct(zeros: list[Number]) -> list[Number]:
    ordered = sorted(zeros, key=lambda zero: dyadic(zero.ball))
    return [z for i, z in enumerate(ordered) if i == 0 or not z.ball.overlaps(ordered[i - 1].ball)]
