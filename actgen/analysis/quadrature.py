"""Expectations under a standard normal input, enclosed: integrals over complex boxes, and bounds of the tails.

Inside, `acb.integral` (F. Johansson, Numerical integration in arbitrary-precision ball arithmetic, 2018). Beyond, the
series of the integrand bounds it: with |g(x)|·x² <= B for x >= L, the tail is at most B/L.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import flint
import sympy as sp

from actgen.analysis.ends import series
from actgen.analysis.evaluation import tape
from actgen.analysis.expansion import End, expanded
from actgen.analysis.integration import integral
from actgen.analysis.monomials import Monomial, growth, sign
from actgen.analysis.numbers import Number
from actgen.analysis.undecided import UndecidedError

FINE, COARSE = 90, 40
_EVALUATIONS = 20000
_FAR = (8, 12, 16, 24, 32, 48, 64, 96, 128, 256)
_NEAR = 2**64


@dataclass(frozen=True, slots=True)
class Part:
    """What is to be averaged on an open interval."""

    low: Number
    high: Number
    value: sp.Expr


def expectation(parts: Sequence[Part], variable: sp.Symbol, bits: int = FINE) -> flint.arb:
    """E[g(z)], g given on intervals that cover the line up to single points.

    Args:
        parts: what is averaged.
        variable: the symbol of z.
        bits: about how many bits after the point are worth work.

    Raises:
        UndecidedError: if the integral does not exist, or its tails or singularities are not bounded by the rules.
    """
    before = flint.ctx.prec
    flint.ctx.prec = bits + 14
    try:
        total = sum((_integral(part, variable, bits) for part in parts), flint.arb(0))
    finally:
        flint.ctx.prec = before
    if not total.is_finite():
        raise UndecidedError("the integral was not enclosed")
    return total / (2 * flint.arb.pi()).sqrt()


def _integral(part: Part, x: sp.Symbol, bits: int) -> flint.arb:
    """∫ g(x) e^(-x²/2) dx over the interval."""
    if part.value == 0:
        return flint.arb(0)
    low, below = _from_end(part, x, part.low, 1, bits)
    high, above = _from_end(part, x, part.high, -1, bits)
    outside = below + above
    if not low < high:
        raise UndecidedError("an interval that begins far out")
    run = tape(part.value)

    def integrand(z: flint.acb, analytic: bool) -> flint.acb:
        return run.complex(z, analytic) * (-z * z / 2).exp()

    cuts = [low, *(c for c in (flint.arb(-3), flint.arb(0), flint.arb(3)) if c > low and c < high), high]
    return sum((integral(integrand, a, b, bits, _EVALUATIONS).real for a, b in itertools.pairwise(cuts)), outside)


def _from_end(part: Part, x: sp.Symbol, end: Number, side: int, bits: int) -> tuple[flint.arb, flint.arb]:
    """Where the integration begins, and a ball that holds what lies between there and the end."""
    if end.is_infinite:
        return _tail(part, x, end, bits)
    inner = tape(part.value).real(end.ball)
    if inner.is_finite() or end.exact is None:
        return end.ball, flint.arb(0)
    return _singular(part, x, End(end.exact, side))


def _tail(part: Part, x: sp.Symbol, end: Number, bits: int) -> tuple[flint.arb, flint.arb]:
    weighted = part.value * x**2 * sp.exp(-(x**2) / 2)
    assert end.exact is not None
    near = part.low if end.exact == sp.S.Infinity else part.high
    reason = "a tail was not bounded"
    leading = _leading_growth(weighted, x, end)
    if leading > 0:
        raise UndecidedError("the integral does not converge")
    for start in _FAR:
        if not near.is_infinite and not abs(near.ball) < start:
            continue
        try:
            size = expanded(weighted, x, End(end.exact), start).size()
        except UndecidedError as error:
            reason = str(error)
            continue
        if size < flint.arb(2) ** -(bits - 10) or start == _FAR[-1]:
            return End(end.exact).reached(start), flint.arb(0, (size / start).upper())
    raise UndecidedError(reason)


def _leading_growth(weighted: sp.Expr, x: sp.Symbol, end: Number) -> int:
    try:
        return growth(series(weighted, x, end, 0).leading[1])
    except UndecidedError:
        return 0


def _singular(part: Part, x: sp.Symbol, end: End) -> tuple[flint.arb, flint.arb]:
    """Beside a singular end: with |g|·t^(-p) <= B, p < 1, the rest up to 1/t is at most B·t^(p-1)/(1 - p)."""
    found = expanded(part.value, x, end, _NEAR)
    if not found.terms:
        raise UndecidedError("a singularity was not bounded")
    _, m = found.leading
    if m.exponent and growth(m) > 0:
        raise UndecidedError("the integral does not converge")
    power = m.power if not m.exponent and sign(m.power) > 0 else sp.S.Zero
    if sign(power - 1) >= 0:
        raise UndecidedError("the integral does not converge")
    power = (power + 1) / 2
    scaled = found.scaled(sp.S.One, Monomial(-power))
    p = flint.arb(flint.fmpq(int(power.p), int(power.q))) if power.is_Rational else flint.arb.nan()
    size = scaled.size() * flint.arb(_NEAR) ** (p - 1) / (1 - p)
    return end.reached(_NEAR), flint.arb(0, size.upper())
