"""Turns numbers into quantities: decimals, and exact forms in the spec's spelling and as LaTeX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import sympy as sp

from actgen.analysis.conditions import Formula
from actgen.analysis.numbers import Number
from actgen.analysis.quantity import How, Quantity, decimals, unknown
from actgen.symbolic.derivation import Derivation
from actgen.symbolic.text_printer import TextPrinter
from actgen.symbolic.typesetting import Typesetter

_LONGEST = 160


class Writer:
    """Writes the quantities of one derivation."""

    def __init__(self, derivation: Derivation, nominal: Mapping[sp.Symbol, sp.Expr]) -> None:
        self.nominal = nominal
        self._typeset = Typesetter(derivation)
        self._printer = TextPrinter()

    def quantity(self, number: Number, formula: Formula | None = None, conditions: tuple[str, ...] = ()) -> Quantity:
        """A number with its exact form, and its form in the parameters.

        Args:
            number: what is written.
            formula: the form in the parameters; without it that of the number, if it has one.
            conditions: when that of the number holds.
        """
        if formula is None and number.symbolic is not None and number.symbolic.free_symbols:
            formula = Formula(number.symbolic, conditions)
        found = self._at_nominal(number)
        if formula is None or found.how is How.UNKNOWN:
            return found
        text, latex = self._texts(formula.value)
        if text is None or any("…" in condition for condition in formula.conditions):
            return found
        return replace(found, formula=text, formula_latex=latex, conditions=formula.conditions)

    def _at_nominal(self, number: Number) -> Quantity:
        exact, latex = self._texts(number.exact)
        how = How.EXACT if exact is not None else How.ENCLOSED
        if number.is_infinite:
            return Quantity(how=How.EXACT, midpoint=_infinity(number.exact, "inf"), exact=exact, latex=latex)
        if not number.ball.is_finite():
            return unknown("the enclosure is not finite")
        found = decimals(number.ball)
        return Quantity(
            how=how,
            midpoint=found.midpoint,
            error=found.error,
            digits=found.digits,
            exact=exact,
            latex=latex,
        )

    def _texts(self, exact: sp.Expr | None) -> tuple[str | None, str | None]:
        if exact is None or sp.count_ops(exact) > _LONGEST:
            return None, None
        if exact.is_infinite:
            return _infinity(exact, "∞"), _infinity(exact, r"\infty")
        text = self._printer.doprint(exact)
        if len(text) > _LONGEST or "…" in text:  # the printer shortens long decimals: that is no exact form
            return None, None
        return text, self._typeset.expression(exact)


def _infinity(exact: sp.Expr | None, name: str) -> str:
    return f"-{name}" if exact == sp.S.NegativeInfinity else name
