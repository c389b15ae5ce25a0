"""Expectations as expressions in the unknown parameters."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from actgen.analysis.curve import Segment
from actgen.analysis.evaluation import number_ball
from actgen.analysis.gaussian import Stretch, moment
from actgen.analysis.numbers import Number
from actgen.analysis.quadrature import Part, expectation
from actgen.analysis.undecided import UndecidedError
from actgen.solving.constants import Constants

BITS = 130
_OPERATIONS = 600


def average(
    segments: Sequence[Segment], power: int, x: sp.Symbol, unknowns: Sequence[sp.Symbol], constants: Constants
) -> sp.Expr:
    """E[f(z)^power], z standard normal: in closed form, or with enclosed integrals as the coefficients of a polynomial.

    Args:
        segments: f, from left to right; `general` and the symbolic ends hold the unknowns and no other parameters.
        power: 1 or 2.
        x: the symbol of z.
        unknowns: the parameters that are solved for.
        constants: where numbers get symbols.

    Raises:
        UndecidedError: if neither form is found, or the integral does not exist.
    """
    stretches = [Stretch(_end(s.low), _end(s.high), s.general) for s in segments]
    closed = moment(stretches, power, x)
    if closed is not None:
        return closed
    if any(end.free_symbols for s in stretches for end in (s.low, s.high)):
        raise UndecidedError("there is no closed form, and the breakpoints depend on the parameters")
    return _integrated(segments, power, x, unknowns, constants)


def _end(place: Number) -> sp.Expr:
    found = place.symbolic if place.symbolic is not None else place.exact
    if found is None:
        raise UndecidedError("a breakpoint has no exact form")
    return found


def _integrated(
    segments: Sequence[Segment], power: int, x: sp.Symbol, unknowns: Sequence[sp.Symbol], constants: Constants
) -> sp.Expr:
    """The polynomial in the unknowns whose coefficients are integrals."""
    coefficients: dict[sp.Expr, list[sp.Expr]] = {}
    for index, segment in enumerate(segments):
        for monomial, factor in polynomial(segment.general**power, unknowns).items():
            coefficients.setdefault(monomial, [sp.S.Zero] * len(segments))[index] = factor
    total = [m * _integral(segments, factors, x, constants) for m, factors in coefficients.items()]
    return sp.Add(*total)


def polynomial(value: sp.Expr, unknowns: Sequence[sp.Symbol]) -> dict[sp.Expr, sp.Expr]:
    """A polynomial in the unknowns: monomial to coefficient.

    Raises:
        UndecidedError: if the expression is none.
    """
    if not unknowns or not value.has(*unknowns):
        return {sp.S.One: value}
    if sp.count_ops(value) > _OPERATIONS or not value.is_polynomial(*unknowns):
        raise UndecidedError("there is no closed form, and the function is no polynomial in the parameters")
    expanded = sp.Poly(value, *unknowns)
    return {sp.prod(u**k for u, k in zip(unknowns, powers, strict=True)): c for powers, c in expanded.terms()}


def _integral(segments: Sequence[Segment], factors: Sequence[sp.Expr], x: sp.Symbol, constants: Constants) -> sp.Expr:
    stretches = [Stretch(_end(s.low), _end(s.high), f) for s, f in zip(segments, factors, strict=True)]
    closed = moment(stretches, 1, x)
    if closed is not None:
        return constants.add(Number(number_ball(closed), closed))
    parts = [Part(s.low, s.high, f) for s, f in zip(segments, factors, strict=True)]
    return constants.add(Number(expectation(parts, x, BITS)))
