"""Real numbers as the analysis handles them: a ball, and an exact form where one is proved."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import flint
import sympy as sp

from actgen.analysis.evaluation import number_ball
from actgen.analysis.monomials import sign
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.functions import LogAddExp, Sigmoid, Softplus

_INFINITE = {sp.S.Infinity: flint.arb.pos_inf(), sp.S.NegativeInfinity: flint.arb.neg_inf()}
_BIG = 10**6
_OPERATIONS = 80


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A real number or ±∞; equal if of the same exact form, and, without one, only to itself.

    Attributes:
        ball: encloses it; exact infinities for ±∞.
        exact: its exact form; None if only the ball is known.
        symbolic: the form in the parameters that it has for other values of them; None if unknown.
        zero_of: an expression of the variable that is 0 there, of a zero without an exact form.
    """

    ball: flint.arb
    exact: sp.Expr | None = None
    symbolic: sp.Expr | None = None
    zero_of: sp.Expr | None = None

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Number) and self.exact is not None and self.exact == other.exact)

    def __hash__(self) -> int:
        return id(self) if self.exact is None else hash(self.exact)

    @property
    def is_infinite(self) -> bool:
        """Whether it is ∞ or -∞."""
        return self.exact in _INFINITE

    @property
    def form(self) -> sp.Expr | None:
        """The form in the parameters, or else the exact one; None if only the ball is known."""
        return self.exact if self.symbolic is None else self.symbolic

    def order(self, other: Number) -> int | None:
        """-1, 0 or 1 as it is below, equal to or above the other; None if that was not decided."""
        if self == other:
            return 0
        if self.ball < other.ball or self.ball > other.ball:
            return -1 if self.ball < other.ball else 1
        if self.exact is None or other.exact is None or self.is_infinite or other.is_infinite:
            return None
        try:
            return sign(self.exact - other.exact)
        except UndecidedError:
            return None


def exactly(value: sp.Expr, symbolic: sp.Expr | None = None) -> Number:
    """A number of which the exact form is known."""
    return Number(_INFINITE[value] if value in _INFINITE else number_ball(value), value, symbolic)


def vanishes_exactly(value: sp.Expr) -> bool:
    """Whether a number is proved to be 0 by algebra, not by digits."""
    if value == 0:
        return True
    if value.has(sp.nan, sp.zoo, sp.oo, -sp.oo) or sp.count_ops(value) > _OPERATIONS:
        return False
    if not number_ball(value).contains(0):
        return False
    return is_identity(value)


def is_identity(value: sp.Expr) -> bool:
    """Whether algebra reduces an expression to 0, whatever its symbols are."""
    value = value.rewrite((Sigmoid, Softplus, LogAddExp), sp.exp)
    return sp.expand(value) == 0 or sp.simplify(value) == 0


def known_zero(expression: sp.Expr, variable: sp.Symbol, ball: flint.arb) -> Number:
    """The only zero of an expression in a ball, by its exact form if one is found."""
    exact = exact_zero(expression, variable, ball)
    return Number(ball, zero_of=expression) if exact is None else exactly(exact)


def exact_zero(expression: sp.Expr, variable: sp.Symbol, ball: flint.arb) -> sp.Expr | None:
    """A number in the ball at which the expression is proved to be 0; None if none was found.

    Tried are fractions with small denominators, such multiples of π, their logarithms and square roots, and the roots
    of quadratic factors.
    """
    for candidate in (*_simple(ball), *_quadratic(expression, variable, ball)):
        if vanishes_exactly(expression.subs(variable, candidate)):
            return candidate
    return None


def _simple(ball: flint.arb) -> list[sp.Expr]:
    found: list[sp.Expr] = []
    attempts = (
        (ball, lambda r: r),
        (ball / flint.arb.pi(), lambda r: r * sp.pi),
        (ball * ball, lambda r: sp.sqrt(r) if ball > 0 else -sp.sqrt(r)),
        (ball.exp() if abs(ball) < 50 else flint.arb.nan(), sp.log),
    )
    for number, back in attempts:
        fraction = near_fraction(number)
        if fraction is not None and not (fraction <= 0 and back is sp.log):
            found.append(back(sp.Rational(fraction.numerator, fraction.denominator)))
    return found


def near_fraction(ball: flint.arb, most: int = 1000) -> Fraction | None:
    """The fraction with a denominator up to `most` that lies in a narrow ball, if there is one."""
    if not (ball.is_finite() and abs(ball) < _BIG and ball.rad() < flint.arb(2) ** -30):
        return None
    middle = dyadic(ball)
    near = middle.limit_denominator(most)
    return near if ball.contains(flint.arb(flint.fmpq(near.numerator, near.denominator))) else None


def dyadic(ball: flint.arb) -> Fraction:
    """The midpoint of a finite ball, exactly."""
    mantissa, exponent = ball.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _quadratic(expression: sp.Expr, variable: sp.Symbol, ball: flint.arb) -> list[sp.Expr]:
    """Roots of the factors of degree 2 of a rational function's numerator that lie in the ball."""
    if not expression.is_rational_function(variable) or sp.count_ops(expression) > _OPERATIONS:
        return []
    top = sp.Poly(sp.fraction(sp.together(expression))[0], variable)
    if top.domain not in (sp.ZZ, sp.QQ) or top.degree() > 12:
        return []
    factors = [f for f, _ in top.factor_list()[1] if f.degree() == 2]
    roots = [r for f in factors for r in sp.roots(f) if r.is_real]
    return [r for r in roots if number_ball(r).overlaps(ball)]
