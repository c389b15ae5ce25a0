"""What terms of an asymptotic series are made of: t^p · (log t)^s · e^T, ordered by growth as t goes to infinity.

T is itself a sum of growing monomials, as in the transseries of Écalle; only numbers that SymPy orders occur in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cmp_to_key, lru_cache
from typing import TypeAlias

import flint
import sympy as sp

from actgen.analysis.assuming import are_in_use, assumptions_about, quietly
from actgen.analysis.evaluation import number_ball
from actgen.analysis.undecided import UndecidedError


@dataclass(frozen=True, slots=True)
class Monomial:
    """t^power · (log t)^logs · exp(Σ c·m), the sum sorted by growth, the largest first."""

    power: sp.Expr = sp.S.Zero
    logs: int = 0
    exponent: tuple[tuple[sp.Expr, Monomial], ...] = ()

    def __mul__(self, other: Monomial) -> Monomial:
        exponent = collected((*self.exponent, *other.exponent)) if self.exponent or other.exponent else ()
        return Monomial(self.power + other.power, self.logs + other.logs, exponent)

    def __truediv__(self, other: Monomial) -> Monomial:
        return self * other.raised(sp.Integer(-1))

    def raised(self, power: sp.Expr) -> Monomial:
        """A power of the monomial.

        Raises:
            UndecidedError: for a power of a logarithm that is no integer.
        """
        logs = self.logs * power
        if not logs.is_Integer:
            raise UndecidedError("a root of a logarithm")
        return Monomial(self.power * power, int(logs), tuple((c * power, m) for c, m in self.exponent))


Terms: TypeAlias = tuple[tuple[sp.Expr, Monomial], ...]
ONE = Monomial()
LOG = Monomial(logs=1)


def sign(number: sp.Expr) -> int:
    """The sign of an exact number; of an expression in parameters, the one that is assumed about it.

    Raises:
        UndecidedError: if neither algebra nor a ball decides it, or it is 0 at the nominal parameters only.
    """
    assumed = assumptions_about(number)
    if assumed is None:
        return _sign(number)
    if sp.expand(number) == 0:
        return 0
    found = _sign(assumed.fixed(number))
    if found == 0:
        raise UndecidedError("it is 0 at these parameters, and may have any sign beside them")
    assumed.note(number, found)
    return found


def vanishes(number: sp.Expr) -> bool:
    """Whether a number is 0; with parameters, whether it is 0 for all of them."""
    return sign(number) == 0 if assumptions_about(number) is None else sp.expand(number) == 0


@lru_cache(maxsize=4096)
def _sign(number: sp.Expr) -> int:
    if number.is_Rational:
        return (number.p > 0) - (number.p < 0)
    ball = number_ball(number)
    if ball > 0 or ball < 0:
        return 1 if ball > 0 else -1
    if sp.expand(number) == 0 or (sp.count_ops(number) < 60 and sp.simplify(number) == 0):
        return 0
    raise UndecidedError("the sign of a constant was not decided")


def growth(m: Monomial) -> int:
    """1 if the monomial goes to infinity, -1 if to 0, 0 if it is 1."""
    return _growth(m) if are_in_use() else _known_growth(m)


@lru_cache(maxsize=8192)
def _known_growth(m: Monomial) -> int:
    return _growth(m)


def _growth(m: Monomial) -> int:
    if m.exponent:
        return sign(m.exponent[0][0])
    return sign(m.power) or (m.logs > 0) - (m.logs < 0)


def compared(a: Monomial, b: Monomial) -> int:
    """1 if a grows faster than b, -1 if b does, 0 if they are the same."""
    return 0 if a == b else growth(a / b)


def collected(terms: Terms) -> Terms:
    """Terms of one monomial as one, the fastest growing first; no coefficient is 0."""
    sums: dict[Monomial, sp.Expr] = {}
    for coefficient, m in terms:
        sums[m] = sums[m] + coefficient if m in sums else coefficient
    kept = [(c if c.is_Rational else sp.expand(c), m) for m, c in sums.items()]
    kept = [(c, m) for c, m in kept if not vanishes(c)]
    return tuple(sorted(kept, key=cmp_to_key(lambda a, b: -compared(a[1], b[1]))))


def bound(m: Monomial, start: int) -> flint.arb:
    """An upper bound of a monomial that does not grow, over all t >= start >= 3.

    With e^T the exponent is at most -δ·m₀, m₀ the largest monomial of T, if the others are bounded by parts of it.

    Raises:
        UndecidedError: if it may still be growing there.
    """
    if not are_in_use():
        return _known_bound(m, start)
    with quietly():
        return _bound(m, start)


@lru_cache(maxsize=8192)
def _known_bound(m: Monomial, start: int) -> flint.arb:
    return _bound(m, start)


def _bound(m: Monomial, start: int) -> flint.arb:
    if m == ONE:
        return flint.arb(1)
    if growth(m) > 0:
        raise UndecidedError("a growing term")
    if m.exponent:
        return _exponential_bound(m, start)
    t, p = flint.arb(start), number_ball(m.power)
    if m.logs > 0 and not t.log() * -p > m.logs:
        raise UndecidedError("too near")
    return (t**p * t.log() ** m.logs).upper()


def _exponential_bound(m: Monomial, start: int) -> flint.arb:
    (leading, largest), *others = m.exponent
    slack = -number_ball(leading)
    for coefficient, other in others:
        ball = number_ball(coefficient)
        if not ball < 0:
            slack -= abs(ball) * bound(other / largest, start)
    logarithms = max(0, *(sign(m.power) * 1, m.logs)) and (
        abs(number_ball(m.power)) * (sign(m.power) > 0) + max(m.logs, 0)
    )
    if logarithms:
        slack -= logarithms * bound(LOG / largest, start)
    if not slack > 0:
        raise UndecidedError("too near")
    least = 1 / bound(largest.raised(sp.Integer(-1)), start)
    size = (-(slack * least)).exp()
    if sign(m.power) < 0:
        size *= flint.arb(start) ** number_ball(m.power)
    return size.upper()
