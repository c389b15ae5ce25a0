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
from actgen.program.passes.stabilise import LOGISTIC_RULES, stabilised
from actgen.solving.average import Average
from actgen.solving.constants import Constants

BITS = 130
_OPERATIONS = 600


def average(
    segments: Sequence[Segment], power: int, x: sp.Symbol, unknowns: Sequence[sp.Symbol], constants: Constants
) -> sp.Expr:
    """E[f(z)^power], z standard normal: in closed form, or a polynomial with integrals in its coefficients.

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
    return _integrated(segments, power, x, unknowns, constants) if closed is None else closed


def _end(place: Number) -> sp.Expr:
    found = place.symbolic if place.symbolic is not None else place.exact
    if found is None:
        raise UndecidedError("a breakpoint has no exact form")
    return found


def _integrated(
    segments: Sequence[Segment], power: int, x: sp.Symbol, unknowns: Sequence[sp.Symbol], constants: Constants
) -> sp.Expr:
    """A polynomial in those unknowns in which it is one; its coefficients are integrals, which may hold the others."""
    # e^u/(1 + e^u) as one operation: over a wide box the quotient's range is useless
    values = [stabilised(segment.general, LOGISTIC_RULES) ** power for segment in segments]
    if any(sp.count_ops(v) > _OPERATIONS for v in values):
        raise UndecidedError("there is no closed form, and the formula is long")
    outer = [u for u in unknowns if all(v.is_polynomial(u) for v in values)]
    coefficients: dict[sp.Expr, list[sp.Expr]] = {}
    for index, value in enumerate(values):
        for monomial, factor in polynomial(value, outer).items():
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
        raise UndecidedError("the function is no polynomial in the parameters")
    expanded = sp.Poly(value, *unknowns)
    return {sp.prod(u**k for u, k in zip(unknowns, powers, strict=True)): c for powers, c in expanded.terms()}


def _integral(segments: Sequence[Segment], factors: Sequence[sp.Expr], x: sp.Symbol, constants: Constants) -> sp.Expr:
    """A number where nothing in it is unknown, else an average of each segment."""
    stretches = [Stretch(_end(s.low), _end(s.high), f) for s, f in zip(segments, factors, strict=True)]
    known = not any((s.value.free_symbols - {x}) | s.low.free_symbols | s.high.free_symbols for s in stretches)
    closed = moment(stretches, 1, x)
    if closed is not None:
        return constants.add(Number(number_ball(closed), closed)) if known else closed
    if known:
        parts = [Part(s.low, s.high, f) for s, f in zip(segments, factors, strict=True)]
        return constants.add(Number(expectation(parts, x, BITS)))
    if _is_odd(stretches, x):
        return sp.S.Zero
    return sp.Add(*(Average(x, s.value, s.low, s.high) for s in stretches if s.value != 0))


def _is_odd(stretches: Sequence[Stretch], x: sp.Symbol) -> bool:
    """Whether one odd formula holds on the whole line: its average is 0, if it has one."""
    if len(stretches) != 1 or not (stretches[0].low.is_infinite and stretches[0].high.is_infinite):
        return False
    (only,) = stretches
    return bool(sp.expand(only.value + only.value.subs(x, -x)) == 0)
