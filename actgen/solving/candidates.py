"""Is a candidate real, inside the bounds, and in the region that the equations were made for?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import flint
import sympy as sp

from actgen.activation import Parameter, Via
from actgen.analysis.evaluation import number_ball
from actgen.analysis.isolation import samples
from actgen.analysis.numbers import Number, dyadic
from actgen.analysis.undecided import UndecidedError
from actgen.solving.balls import enclosure
from actgen.solving.constants import Constants
from actgen.solving.place import Shape, shape_of

_NEAR = 1e-9


def inside(parameter: Parameter, value: sp.Expr, constants: Constants) -> bool | None:
    """Whether a value is real and keeps the bounds; None if that was not decided."""
    ball = constants.ball(value)
    if not ball.is_finite():
        return None
    if parameter.bounds is None:
        return True
    for bound, sign in ((parameter.bounds.low, 1), (parameter.bounds.high, -1)):
        if bound.formula is None:
            continue
        edge = sp.Rational(*bound.value.as_integer_ratio())
        beyond = sign * (ball - constants.ball(edge))
        if beyond < 0:
            return False
        if not beyond > 0:
            vanishes = constants.vanishes(value - edge)
            if vanishes is None:
                return None
            if vanishes and parameter.via is not Via.PROJECT:
                return False
    return True


def has_sign(value: sp.Expr, sign: int, parameters: Mapping[sp.Symbol, Parameter]) -> bool:
    """Whether an expression has a sign everywhere within the bounds of the parameters in it."""
    balls: dict[sp.Symbol, flint.arb] = {}
    for symbol in value.free_symbols & parameters.keys():
        bounds = parameters[symbol].bounds
        if bounds is None:
            return False
        low, high = (None if b.formula is None else flint.arb(b.value) for b in (bounds.low, bounds.high))
        if value == symbol:
            return bool(low is not None and low > 0) if sign > 0 else bool(high is not None and high < 0)
        if low is None or high is None:
            return False
        balls[symbol] = low.union(high)
    return bool(enclosure(value, balls) * sign > 0)


def keeps_shape(shape: Shape, values: Mapping[sp.Symbol, flint.arb]) -> bool:
    """Whether the pieces at these values of the unknowns are those that the equations were made of."""
    rationals = {**shape.chosen, **{u: _rational(ball) for u, ball in values.items()}}
    balls = {u: values.get(u, number_ball(chosen)) for u, chosen in shape.chosen.items()}
    try:
        found = shape_of(shape.output, shape.x, shape.fixed, rationals)
    except UndecidedError:
        return False
    cuts = [float(enclosure(b, balls)) for b in shape.breakpoints()]
    if sorted(cuts) != cuts or len(set(cuts)) != len(cuts):
        return False
    if not all(_is_near(float(p.place.ball), cuts) for p in found.curve.points):
        return False
    edges = [None, *cuts, None]
    segments = shape.curve.segments
    return len(segments) != len(edges) - 1 or all(
        _holds(shape, segment.general, place, rationals)
        for segment, low, high in zip(segments, edges, edges[1:], strict=False)
        for place in _samples(low, high)
    )


def _rational(ball: flint.arb) -> sp.Rational:
    middle = dyadic(ball)
    return sp.Rational(middle.numerator, middle.denominator)


def _is_near(place: float, cuts: Sequence[float]) -> bool:
    return any(abs(place - cut) <= _NEAR * max(1.0, abs(cut)) for cut in cuts)


def _samples(low: float | None, high: float | None) -> list[sp.Rational]:
    ends = (_end(low, sp.S.NegativeInfinity), _end(high, sp.S.Infinity))
    return [sp.Rational(s.numerator, s.denominator) for s in samples(*ends)]


def _end(place: float | None, infinite: sp.Expr) -> Number:
    if place is None:
        return Number(flint.arb.pos_inf() if infinite == sp.oo else flint.arb.neg_inf(), infinite)
    return Number(flint.arb(place))


def _holds(shape: Shape, general: sp.Expr, place: sp.Rational, rationals: Mapping[sp.Symbol, sp.Rational]) -> bool:
    """Whether the piece that holds at a place is the one expected there, or has the same values."""
    at = {**shape.fixed, **rationals, shape.x: place}
    for piece in shape.output.pieces:
        if piece.condition.subs(at) == sp.true:
            value = piece.value.subs(shape.fixed)
            return value == general or value.subs(rationals) == general.subs(rationals)
    return False
