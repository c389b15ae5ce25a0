"""Asymptotic series with a remainder that is bounded for all t beyond a start: limits and signs that are proved.

A series says f(t) = Σ c·m(t) + R(t), where |R(t)| <= r·m'(t) for every t >= start.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import flint
import sympy as sp

from actgen.analysis.evaluation import number_ball
from actgen.analysis.monomials import ONE, Monomial, Terms, bound, collected, compared, growth, sign, vanishes
from actgen.analysis.undecided import UndecidedError

MOST = 8


@dataclass(frozen=True, slots=True)
class Rest:
    """The remainder is at most `size` times the monomial."""

    monomial: Monomial
    size: flint.arb


@dataclass(frozen=True, slots=True)
class Series:
    """Terms, the fastest growing first, and the remainder; `start` is where its bound begins to hold."""

    terms: Terms
    rest: Rest | None
    start: int

    @property
    def leading(self) -> tuple[sp.Expr, Monomial]:
        """The first term.

        Raises:
            UndecidedError: if the remainder may be as large, or there is none.
        """
        if not self.terms:
            raise UndecidedError("no leading term was found")
        if self.rest is not None and compared(self.rest.monomial, self.terms[0][1]) >= 0:
            raise UndecidedError("no leading term was found")
        return self.terms[0]

    @property
    def is_zero(self) -> bool:
        """Whether this is the function 0."""
        return not self.terms and self.rest is None

    def __add__(self, other: Series) -> Series:
        terms = collected((*self.terms, *other.terms))
        return _trimmed(terms, [r for r in (self.rest, other.rest) if r is not None], self.start)

    def __mul__(self, other: Series) -> Series:
        products = collected(tuple((c * d, m * n) for c, m in self.terms for d, n in other.terms))
        rests: list[Rest] = []
        for rest, factor in ((self.rest, other), (other.rest, self)):
            if rest is not None:
                rests += [Rest(rest.monomial * m, rest.size * abs(number_ball(c))) for c, m in factor.terms]
        if self.rest is not None and other.rest is not None:
            rests.append(Rest(self.rest.monomial * other.rest.monomial, self.rest.size * other.rest.size))
        return _trimmed(products, rests, self.start)

    def scaled(self, factor: sp.Expr, by: Monomial = ONE) -> Series:
        """Each term times a number that is not 0, and a monomial."""
        rest = self.rest and Rest(self.rest.monomial * by, self.rest.size * abs(number_ball(factor)))
        return Series(tuple((c * factor, m * by) for c, m in self.terms), rest, self.start)

    def split(self) -> tuple[Terms, sp.Expr, Series]:
        """What grows, the constant, and what goes to 0.

        Raises:
            UndecidedError: if the remainder does not go to 0.
        """
        if self.rest is not None and growth(self.rest.monomial) >= 0:
            raise UndecidedError("a remainder that does not vanish")
        large = tuple(t for t in self.terms if growth(t[1]) > 0)
        constant = sp.Add(*(c for c, m in self.terms if m == ONE))
        small = tuple(t for t in self.terms if growth(t[1]) < 0)
        return large, constant, Series(small, self.rest, self.start)

    def relative(self) -> tuple[sp.Expr, Monomial, Series]:
        """c, m, d with the series equal to c·m·(1 + d), d going to 0."""
        c, m = self.leading
        rest = Series(self.terms[1:], self.rest, self.start)
        return c, m, rest.scaled(1 / c, m.raised(sp.Integer(-1)))

    def size(self) -> flint.arb:
        """An upper bound of the absolute value over t >= start; raises as `bound` does."""
        total = flint.arb(0)
        for c, m in self.terms:
            total += abs(number_ball(c)) * bound(m, self.start)
        if self.rest is not None:
            total += self.rest.size * bound(self.rest.monomial, self.start)
        return total.upper()

    def sign(self) -> int:
        """The sign that the function has at every t >= start; 0 if it is the function 0.

        Raises:
            UndecidedError: if the other terms may still outweigh the first.
        """
        if self.is_zero:
            return 0
        if not self.terms or (self.rest is not None and compared(self.rest.monomial, self.terms[0][1]) > 0):
            raise UndecidedError("no leading term was found")
        c, m = self.terms[0]
        others = Series(self.terms[1:], self.rest, self.start).scaled(1 / c, m.raised(sp.Integer(-1)))
        if others.rest is not None and others.rest.monomial == ONE and not others.rest.size < 1:
            raise UndecidedError("no leading term was found")
        if not others.size() < 1:
            raise UndecidedError("too near")
        return sign(c)

    def limit(self) -> sp.Expr:
        """The limit, exact; ±oo included.

        Raises:
            UndecidedError: if it was not found.
        """
        if self.is_zero:
            return sp.S.Zero
        if not self.terms and self.rest is not None and growth(self.rest.monomial) < 0:
            return sp.S.Zero
        if self.terms and growth(self.terms[0][1]) > 0:
            c, _ = self.leading
            return sp.S.Infinity if sign(c) > 0 else sp.S.NegativeInfinity
        return self.split()[1]


def constant(value: sp.Expr, start: int) -> Series:
    """A number."""
    return Series(() if vanishes(value) else ((value, ONE),), None, start)


def magnitude(series: Series) -> Rest:
    """A bound of the whole series, which is not 0, by one monomial; raises as `bound` does."""
    rests = [Rest(m, abs(number_ball(c)).upper()) for c, m in series.terms]
    merged = _merged(rests if series.rest is None else [series.rest, *rests], series.start)
    assert merged is not None
    return merged


def _trimmed(terms: Terms, rests: list[Rest], start: int) -> Series:
    """At most `MOST` terms, none that grows less than the remainder: those go into it."""
    kept, dropped = terms[:MOST], terms[MOST:]
    rest = _merged(rests, start)
    if rest is not None:
        dropped = (*dropped, *(t for t in kept if compared(t[1], rest.monomial) < 0))
        kept = tuple(t for t in kept if compared(t[1], rest.monomial) >= 0)
    if dropped:
        more = [Rest(m, abs(number_ball(c)).upper()) for c, m in dropped]
        rest = _merged(more if rest is None else [rest, *more], start)
    return Series(kept, rest, start)


def _merged(rests: list[Rest], start: int) -> Rest | None:
    return reduce(lambda a, b: _larger(a, b, start), rests) if rests else None


def _larger(a: Rest, b: Rest, start: int) -> Rest:
    if compared(a.monomial, b.monomial) < 0:
        a, b = b, a
    if a.monomial == b.monomial:
        return Rest(a.monomial, (a.size + b.size).upper())
    return Rest(a.monomial, (a.size + b.size * bound(b.monomial / a.monomial, start)).upper())
