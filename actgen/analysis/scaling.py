"""Expressions that are c·g(k·x), with parameters in c and k and none in g."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from actgen.analysis.isolation import chart
from actgen.analysis.monomials import sign
from actgen.analysis.numbers import Number, exactly
from actgen.analysis.periods import period, window
from actgen.analysis.undecided import UndecidedError

_OPERATIONS = 400
_INNER = sp.Symbol("t", real=True)
_ENDS = (sp.S.Zero, sp.S.Infinity, sp.S.NegativeInfinity)


@dataclass(frozen=True, slots=True)
class Scaled:
    """factor · shape(rate · x); the shape's variable is `_INNER`."""

    factor: sp.Expr
    rate: sp.Expr
    shape: sp.Expr


def scaled(value: sp.Expr, variable: sp.Symbol) -> Scaled | None:
    """The factors of an expression; None if no such form was seen."""
    if sp.count_ops(value) > _OPERATIONS:
        return None
    for rate in _rates(value, variable):
        inner = value.subs(variable, _INNER / rate)
        for form in (inner, sp.factor_terms(sp.expand(inner)), sp.factor_terms(inner)):
            factor, shape = form.as_independent(_INNER, as_Add=False)
            if shape.free_symbols <= {_INNER}:
                return Scaled(factor, rate, shape)
    return None


def _rates(value: sp.Expr, variable: sp.Symbol) -> list[sp.Expr]:
    found = [sp.S.One]
    for part in sp.preorder_traversal(value):
        if isinstance(part, sp.Mul) and variable in part.args:
            rest = part / variable
            if rest.free_symbols and not rest.has(variable):
                found.append(rest.as_coeff_Mul()[1])
    return list(dict.fromkeys(found))[:4]


def zeros(form: Scaled, low: sp.Expr, high: sp.Expr, *, is_periodic: bool) -> list[sp.Expr]:
    """All zeros between two ends, each a function of the parameters; of a periodic function, those of one period.

    Raises:
        UndecidedError: if they are not all known exactly, or an end does not scale.
    """
    if not all(end in _ENDS or (form.rate == 1 and end.is_number) for end in (low, high)):
        raise UndecidedError("an end that does not scale")
    flipped = sign(form.rate) < 0
    ends = tuple(map(exactly, (-high, -low) if flipped else (low, high)))
    turn = period(form.shape, _INNER) if is_periodic else None
    if turn is not None:
        ends = window(turn)
    found = chart(form.shape, _INNER, *ends)
    if found.gap is not None:
        raise UndecidedError(found.gap)
    return [_exact(zero) / form.rate for zero in found.zeros]


def _exact(zero: Number) -> sp.Expr:
    if zero.exact is None:
        raise UndecidedError("a zero without an exact form")
    return zero.exact
