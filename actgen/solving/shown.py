"""Assignments as text: decimals with a bound on their error, closed forms, relations."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, Context, Decimal, Inexact
from fractions import Fraction

import flint
import sympy as sp

from actgen.analysis.gaussian import tidied
from actgen.analysis.quantity import exact_ball
from actgen.solving.average import Average
from actgen.solving.constants import Constants
from actgen.solving.elimination import Assignment
from actgen.solving.solution import Member, ParameterValue, Relation
from actgen.symbolic.derivation import Derivation
from actgen.symbolic.text_printer import TextPrinter
from actgen.symbolic.typesetting import Typesetter

_DIGITS = 40
_LONGEST = 400
_OPERATIONS = 250


class Shown:
    """Writes assignments of one problem.

    Args:
        derivation: whose parameters have the names.
        constants: the numbers that values refer to.
        chosen: the parameters that were solved for, in order.
    """

    def __init__(self, derivation: Derivation, constants: Constants, chosen: Sequence[sp.Symbol]) -> None:
        self.constants, self.chosen = constants, tuple(chosen)
        self._printer, self._typeset = TextPrinter(), Typesetter(derivation)

    def members(self, assignments: Sequence[Assignment]) -> tuple[Member, ...]:
        """Each once, in order of their values."""
        found = dict.fromkeys(self._member(a) for a in assignments)
        return tuple(
            sorted(found, key=lambda m: ([Decimal(v.decimal) for v in m.values], [r.value for r in m.relations]))
        )

    def _member(self, assigned: Assignment) -> Member:
        free = [u for u in self.chosen if u not in assigned]
        known = [u for u in self.chosen if u in assigned]
        values = tuple(self._value(u, assigned[u]) for u in known if not assigned[u].has(*free) or not free)
        relations = tuple(self._relation(u, assigned[u]) for u in known if free and assigned[u].has(*free))
        return Member(values, relations, tuple(u.name for u in free))

    def _value(self, unknown: sp.Symbol, value: sp.Expr) -> ParameterValue:
        exact = self.constants.exact(value)
        exact = None if exact is None else _shortest(exact)
        text = latex = None
        if exact is not None and sp.count_ops(exact) <= _OPERATIONS:
            text = self._printer.doprint(exact)
            latex = self._typeset.expression(exact)
            if len(text) > _LONGEST or "…" in text:
                text = latex = None
        finite = _finite_decimal(exact)
        decimal, error = written(self.constants.ball(value)) if finite is None else (finite, "0")
        return ParameterValue(unknown.name, decimal, error, text, latex)

    def _relation(self, unknown: sp.Symbol, value: sp.Expr) -> Relation:
        exact = self.constants.exact(value)
        if exact is None:
            numbers = self.constants.balls
            used = {
                s: sp.Float(numbers[s].mid().str(20, radius=False), 20) for s in value.free_symbols & numbers.keys()
            }
            exact = value.xreplace(used)
        averages = {a: sp.Symbol(self._average(a)) for a in exact.atoms(Average)}
        return Relation(unknown.name, self._printer.doprint(_shortest(exact.xreplace(averages))))

    def _average(self, average: Average) -> str:
        """An average in words, over the line or over an interval."""
        x, value, low, high = (self._printer.doprint(part) for part in average.args)
        whole = average.args[2:] == (sp.S.NegativeInfinity, sp.S.Infinity)
        return f"E[{value}]" if whole else f"E[{value}; {low} < {x} < {high}]"


def _shortest(value: sp.Expr) -> sp.Expr:
    """The value in fewer words, by rewriting that holds for all real numbers."""
    if sp.count_ops(value) > _OPERATIONS:
        return value
    forms = [value, tidied(value), sp.together(value), sp.radsimp(sp.together(value)), sp.factor_terms(value)]
    return min(forms, key=lambda e: (sp.count_ops(e), sp.default_sort_key(e)))


def written(ball: flint.arb) -> tuple[str, str]:
    """A decimal for a ball, and how far the number may be from it."""
    middle = Decimal(ball.mid().str(_DIGITS, radius=False))
    middle = Context(prec=_DIGITS).plus(middle)
    distance = abs(ball - exact_ball(Fraction(middle))).upper()
    if distance == 0:
        return f"{middle.normalize():f}", "0"
    error = Context(prec=2, rounding=ROUND_CEILING).multiply(
        Decimal(distance.str(30, radius=False)), Decimal("1.0000000000000000001")
    )
    certain = max(1, min(_DIGITS, middle.adjusted() - error.adjusted() + 1)) if middle else 1
    shown = Context(prec=certain).plus(middle)
    error = max(error, Decimal(1).scaleb(shown.adjusted() - certain + 1)) if certain < _DIGITS else error
    return f"{shown:f}", f"{error:.1e}".replace("e+", "e")


def _finite_decimal(value: sp.Expr | None) -> str | None:
    """A rational whose decimals end, and are not many."""
    if value is None or not value.is_Rational:
        return None
    numerator, denominator = (Decimal(int(n)) for n in (value.p, value.q))
    context = Context(prec=_DIGITS)
    shown = context.divide(numerator, denominator)
    return None if context.flags[Inexact] else f"{shown:f}"
