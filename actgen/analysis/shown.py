"""Turns numbers into quantities: decimals, and exact forms in the spec's spelling and as LaTeX."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

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

    def quantity(self, number: Number, general: sp.Expr | None = None, conditions: tuple[str, ...] = ()) -> Quantity:
        """A number with its exact form, and the formula in the parameters where one is given."""
        exact, latex = self._texts(number.exact)
        how = How.EXACT if exact is not None else How.ENCLOSED
        formula = formula_latex = None
        general = number.symbolic if general is None else general
        if general is not None and general.free_symbols:
            formula, formula_latex = self._texts(general)
        if number.is_infinite:
            sign = "-" if number.exact == sp.S.NegativeInfinity else ""
            return Quantity(how=How.EXACT, midpoint=f"{sign}inf", exact=f"{sign}∞", latex=rf"{sign}\infty")
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
            formula=formula,
            formula_latex=formula_latex,
            conditions=conditions if formula is not None else (),
        )

    def _texts(self, exact: sp.Expr | None) -> tuple[str | None, str | None]:
        if exact is None or sp.count_ops(exact) > _LONGEST:
            return None, None
        text = self._printer.doprint(exact)
        if len(text) > _LONGEST or "…" in text:  # the printer shortens long decimals: that is no exact form
            return None, None
        return text, self._typeset.expression(exact)
