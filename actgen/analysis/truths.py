"""Whether a condition holds at a number."""

from __future__ import annotations

import sympy as sp

from actgen.analysis.evaluation import tape
from actgen.analysis.numbers import Number, vanishes_exactly
from actgen.analysis.undecided import UndecidedError


def holds(condition: sp.Basic, variable: sp.Symbol, place: Number) -> bool:
    """Whether a SymPy Boolean over one variable holds at a number.

    Raises:
        UndecidedError: if a ball does not decide a comparison, and algebra does not either.
    """
    match condition:
        case sp.And():
            return all(holds(c, variable, place) for c in condition.args)
        case sp.Or():
            return any(holds(c, variable, place) for c in condition.args)
        case sp.Not():
            return not holds(condition.args[0], variable, place)
    if condition in (sp.S.true, sp.S.false):
        return condition is sp.S.true
    assert isinstance(condition, sp.core.relational.Relational)
    return _compared(condition, _sign(condition.lhs - condition.rhs, variable, place))


def _compared(condition: sp.Basic, sign: int) -> bool:
    match condition:
        case sp.StrictGreaterThan():
            return sign > 0
        case sp.GreaterThan():
            return sign >= 0
        case sp.StrictLessThan():
            return sign < 0
        case sp.LessThan():
            return sign <= 0
        case sp.Equality():
            return sign == 0
    return sign != 0


def _sign(difference: sp.Expr, variable: sp.Symbol, place: Number) -> int:
    ball = tape(difference).real(place.ball)
    if ball > 0 or ball < 0:
        return 1 if ball > 0 else -1
    if place.exact is not None and vanishes_exactly(difference.subs(variable, place.exact)):
        return 0
    raise UndecidedError("a condition at a breakpoint was not decided")
