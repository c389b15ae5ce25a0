"""Closed forms of the zeros of an equation in one unknown, by undoing one operation after the other.

Where the unknown stands in exponentials of multiples of one exponent only, or in powers of one base only, the equation
is a polynomial in that exponential or root; each of its roots is an equation again, for what is inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

import flint
import sympy as sp

from actgen.analysis.evaluation import number_ball
from actgen.analysis.numbers import vanishes_exactly

_OPERATIONS = 120
_DEGREE = 8
_DEPTH = 3
_T = sp.Symbol("t", positive=True)


@dataclass(frozen=True, slots=True)
class _Kernel:
    """An equation as a polynomial in a positive t = F(inside); `back` undoes F."""

    polynomial: sp.Poly
    inside: sp.Expr
    back: Callable[[sp.Expr], sp.Expr]


def inverse_in(equation: sp.Expr, unknown: sp.Symbol, ball: flint.arb) -> sp.Expr | None:
    """A closed form in the ball at which the equation is proved to hold; None if none was found."""
    for candidate in inverted(equation, unknown):
        if number_ball(candidate).overlaps(ball) and vanishes_exactly(equation.subs(unknown, candidate)):
            return candidate
    return None


def inverted(equation: sp.Expr, unknown: sp.Symbol, depth: int = _DEPTH) -> Iterator[sp.Expr]:
    """Numbers among which zeros may be; whether one is a zero is for the caller to see.

    Args:
        equation: what is to vanish, with no other symbols.
        unknown: for what.
        depth: how many operations may be undone.
    """
    if sp.count_ops(equation) > _OPERATIONS:
        return
    top = sp.fraction(sp.together(sp.powsimp(sp.expand(equation))))[0]
    if not top.has(unknown):
        return
    if top.is_polynomial(unknown):
        yield from _roots(sp.Poly(top, unknown))
        return
    kernel = _kernel(top, unknown) if depth else None
    if kernel is None:
        return
    for root in _roots(kernel.polynomial):
        if root.is_positive:
            yield from inverted(kernel.inside - kernel.back(root), unknown, depth - 1)


def _roots(polynomial: sp.Poly) -> list[sp.Expr]:
    """The real roots in radicals, of each factor for which there is a formula."""
    if polynomial.degree() > _DEGREE:
        return []
    return [root for root in sp.roots(polynomial, cubics=False, quartics=False) if root.is_real]


def _kernel(top: sp.Expr, unknown: sp.Symbol) -> _Kernel | None:
    """The one exponential, or the one root, in which an equation is a polynomial."""
    exponentials = {e for e in top.atoms(sp.exp) if e.has(unknown)}
    outside = top.xreplace({e: sp.Dummy() for e in exponentials})
    powers = {e for e in outside.atoms(sp.Pow) if e.base.has(unknown) and e.exp.is_Rational and not e.exp.is_Integer}
    if exponentials and not powers:
        return _of_exponentials(top, exponentials)
    if len({p.base for p in powers}) == 1 and not exponentials:
        return _of_powers(top, powers, unknown)
    return None


def _of_exponentials(top: sp.Expr, exponentials: Iterable[sp.Expr]) -> _Kernel | None:
    factors = {e: _coefficient(e.args[0]) for e in exponentials}
    first, factor = next(iter(factors.items()))
    inside = first.args[0] / factor * _unit(factors.values())
    polynomial = top.xreplace({e: _T ** (e.args[0] / inside).cancel() for e in factors})
    return _checked(polynomial, inside, sp.log)


def _of_powers(top: sp.Expr, powers: Iterable[sp.Expr], unknown: sp.Symbol) -> _Kernel | None:
    (inside,) = {p.base for p in powers}
    step = _unit(p.exp for p in powers)
    polynomial = top.xreplace({p: _T ** (p.exp / step) for p in powers})
    slope = sp.diff(inside, unknown)
    if slope.is_number:  # what stands outside of the roots too
        polynomial = polynomial.subs(unknown, (_T ** (1 / step) - inside.subs(unknown, 0)) / slope)
    return _checked(polynomial, inside, lambda root: root ** (1 / step))


def _checked(expression: sp.Expr, inside: sp.Expr, back: Callable[[sp.Expr], sp.Expr]) -> _Kernel | None:
    top = sp.fraction(sp.together(expression))[0]
    known = top.free_symbols == {_T} and top.is_polynomial(_T)
    return _Kernel(sp.Poly(top, _T), inside, back) if known else None


def _coefficient(exponent: sp.Expr) -> sp.Rational:
    coefficient = sp.factor_terms(exponent).as_coeff_Mul()[0]
    return coefficient if coefficient.is_Rational else sp.S.One


def _unit(numbers: Iterable[sp.Rational]) -> sp.Rational:
    """The largest rational of which all are integer multiples."""
    return reduce(lambda a, b: sp.Rational(sp.gcd(a, b)), map(abs, numbers))
