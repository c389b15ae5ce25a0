"""Expectations of a curve's functions under a standard normal input: exact where a form is known, and enclosed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flint
import sympy as sp

from actgen.analysis.curve import Curve, Segment
from actgen.analysis.evaluation import number_ball
from actgen.analysis.gaussian import Stretch, moment
from actgen.analysis.numbers import Number
from actgen.analysis.quadrature import Part, expectation
from actgen.analysis.singular import LINE
from actgen.analysis.undecided import UndecidedError

Chosen = Callable[[sp.Expr], sp.Expr]


def covering(curve: Curve) -> tuple[Segment, ...]:
    """The segments, those of a periodic function without cuts over the whole line.

    Raises:
        UndecidedError: if there are numbers that no segment covers, up to single points.
    """
    if curve.period is not None:
        only = curve.segments[0]
        if not curve.is_wave:
            raise UndecidedError("a periodic function in pieces, or with poles")
        return (Segment(*LINE, only.value, only.general),)
    ends = [curve.segments[0].low, curve.segments[-1].high]
    if not all(e.is_infinite for e in ends) or any(
        a.high != b.low for a, b in zip(curve.segments, curve.segments[1:], strict=False)
    ):
        raise UndecidedError("the function has no real value on a part of the line")
    return curve.segments


def mean_of(segments: Sequence[Segment], variable: sp.Symbol, power: int = 1) -> Number:
    """E[f(z)^power], with its form in the parameters, or in numbers if none stand in it, as `symbolic` where known.

    Raises:
        UndecidedError: if the expectation does not exist or was not enclosed.
    """
    enclosed = expectation([Part(s.low, s.high, s.value**power) for s in segments], variable)
    exact = _closed(segments, variable, power, symbolic=False)
    if exact is None:
        return Number(enclosed)
    ball = number_ball(exact)
    assert ball.overlaps(enclosed), f"closed form {exact} and integral differ"
    return Number(_narrower(ball, enclosed), exact, _closed(segments, variable, power, symbolic=True))


def _narrower(a: flint.arb, b: flint.arb) -> flint.arb:
    return a if a.rad() < b.rad() else b


def _closed(segments: Sequence[Segment], variable: sp.Symbol, power: int, *, symbolic: bool) -> sp.Expr | None:
    pieces = []
    for segment in segments:
        ends = [_end(place, symbolic) for place in (segment.low, segment.high)]
        if ends[0] is None or ends[1] is None:
            return None
        pieces.append(Stretch(ends[0], ends[1], segment.general if symbolic else segment.value))
    return moment(pieces, power, variable)


def _end(place: Number, symbolic: bool) -> sp.Expr | None:
    return place.symbolic if symbolic and place.symbolic is not None else place.exact


def scaled(segments: Sequence[Segment], variable: sp.Symbol, scale: sp.Rational) -> list[Part]:
    """f(scale·x) on its intervals."""
    return [Part(_over(s.low, scale), _over(s.high, scale), s.value.subs(variable, scale * variable)) for s in segments]


def _over(place: Number, scale: sp.Rational) -> Number:
    if place.is_infinite:
        return place
    ball = place.ball * flint.arb(int(scale.q)) / int(scale.p)
    return Number(ball, None if place.exact is None else place.exact / scale)
