"""What sines and cosines do without end: between which values a function goes to and fro as x goes to ±∞.

With all growing angles rational multiples of one angle θ, f is a polynomial in sines and cosines whose coefficients
have series. If m is the largest monomial in them, f = m·(P(θ) + o(1)) with P periodic; θ takes every value again and
again, so the limits inferior and superior of f/m are the least and the greatest value of P.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from actgen.analysis.bounds import Bound, outermost, value_at
from actgen.analysis.ends import limit, series
from actgen.analysis.isolation import chart
from actgen.analysis.monomials import Monomial, compared, growth
from actgen.analysis.numbers import Number, exactly
from actgen.analysis.periods import period, window
from actgen.analysis.undecided import UndecidedError

_THETA = sp.Symbol("theta", real=True)
_MOST = 64
_ZERO = exactly(sp.S.Zero)


@dataclass(frozen=True, slots=True)
class Oscillation:
    """The function is about the monomial times something that fills [low, high] again and again.

    With `is_whole` it is that wave everywhere, not only far out.
    """

    monomial: Monomial
    low: Number
    high: Number
    is_whole: bool = False

    def changes_sign(self) -> bool:
        """Whether the function has both signs however far out, and so infinitely many zeros where it is continuous."""
        return self.low.order(_ZERO) == -1 and self.high.order(_ZERO) == 1

    def accumulation(self) -> tuple[Number | None, Number | None]:
        """The limits inferior and superior; None where lower terms decide."""
        grows = growth(self.monomial)
        if grows < 0:
            return _ZERO, _ZERO
        if grows == 0:
            return self.low, self.high
        return _infinite(self.low), _infinite(self.high)


def _infinite(edge: Number) -> Number | None:
    order = edge.order(_ZERO)
    return None if order in (None, 0) else exactly(sp.S.Infinity if order == 1 else sp.S.NegativeInfinity)


def oscillation(value: sp.Expr, variable: sp.Symbol, place: Number) -> Oscillation:
    """What the expression does at ±∞.

    Raises:
        UndecidedError: if it has no such form.
    """
    angles = _angles(value, variable, place)
    dummies = {angle: sp.Dummy() for angle in angles}
    try:
        polynomial = sp.Poly(value.xreplace(dummies), *dummies.values())
    except sp.PolynomialError as error:
        raise UndecidedError("sines within other functions") from error
    if len(polynomial.terms()) > _MOST:
        raise UndecidedError("there are too many terms")
    parts = []
    for powers, coefficient in polynomial.terms():
        waves = sp.Mul(*(angles[a] ** n for a, n in zip(dummies, powers, strict=True)))
        parts.append((waves, *series(coefficient, variable, place, 0).leading))
    top = parts[0][2]
    for _, _, monomial in parts:
        top = monomial if compared(monomial, top) > 0 else top
    wave = sp.Add(*(c * waves for waves, c, monomial in parts if monomial == top))
    is_whole = not any(c.free_symbols for c in polynomial.coeffs())
    return Oscillation(top, *_filled(wave), is_whole)


def _angles(value: sp.Expr, variable: sp.Symbol, place: Number) -> dict[sp.Expr, sp.Expr]:
    """The sines and cosines of growing angles, and what they are in terms of θ."""
    atoms = sorted((f for f in value.atoms(sp.sin, sp.cos) if f.has(variable)), key=sp.default_sort_key)
    atoms = [f for f in atoms if limit(f.args[0], variable, place, 0).is_infinite]
    if not atoms:
        raise UndecidedError("nothing that oscillates")
    found: dict[sp.Expr, sp.Expr] = {}
    base = _without_phase(atoms[0].args[0], variable)[0]
    for atom in atoms:
        turning, phase = _without_phase(atom.args[0], variable)
        ratio = sp.cancel(turning / base)
        if not ratio.is_Rational:
            raise UndecidedError("frequencies without a common period")
        found[atom] = atom.func(ratio * _THETA + phase)
    return found


def _without_phase(angle: sp.Expr, variable: sp.Symbol) -> tuple[sp.Expr, sp.Expr]:
    phase, turning = sp.expand(angle).as_independent(variable, as_Add=True)
    return turning, phase


def _filled(wave: sp.Expr) -> tuple[Number, Number]:
    """The range of a periodic function."""
    turn = period(wave, _THETA)
    if turn is None:
        if wave.has(_THETA):
            raise UndecidedError("no period was found")
        return exactly(wave), exactly(wave)
    turns = chart(sp.diff(wave, _THETA), _THETA, *window(turn))
    if turns.gap is not None:
        raise UndecidedError(turns.gap)
    values = [Bound(value_at(wave, _THETA, z), True) for z in turns.zeros]
    return outermost(values, -1).number, outermost(values, 1).number
