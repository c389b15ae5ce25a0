"""Numbers that stand in equations as symbols: enclosed, and exact where that is known."""

from __future__ import annotations

from collections.abc import Mapping

import flint
import sympy as sp

from actgen.analysis.evaluation import number_ball
from actgen.analysis.numbers import Number, vanishes_exactly
from actgen.solving.average import Average
from actgen.solving.balls import enclosure


class Constants:
    """Gives each number a symbol of its own; equal numbers share one."""

    def __init__(self) -> None:
        self.numbers: dict[sp.Symbol, Number] = {}
        self._known: dict[sp.Expr, sp.Symbol] = {}

    @property
    def balls(self) -> Mapping[sp.Symbol, flint.arb]:
        """Each symbol's enclosure."""
        return {symbol: number.ball for symbol, number in self.numbers.items()}

    def add(self, number: Number) -> sp.Expr:
        """The symbol of a number; a rational stands for itself."""
        if number.exact is not None:
            if number.exact.is_Rational:
                return number.exact
            if number.exact in self._known:
                return self._known[number.exact]
        symbol = sp.Symbol(f"number {len(self.numbers)}", real=True)  # the blank keeps it apart from declared names
        self.numbers[symbol] = number
        if number.exact is not None:
            self._known[number.exact] = symbol
        return symbol

    def of(self, value: sp.Expr) -> sp.Expr:
        """An expression without unknowns as one symbol, or as the rational that it is."""
        if value.is_Rational or value in self.numbers:
            return value
        exact = self.exact(value)
        if exact is not None and vanishes_exactly(exact):
            return sp.S.Zero
        return self.add(Number(enclosure(value, self.balls) if exact is None else number_ball(exact), exact))

    def exact(self, value: sp.Expr) -> sp.Expr | None:
        """The expression with exact numbers for its symbols; None if one has no exact form, or it holds an average."""
        if value.has(Average):
            return None
        used = [s for s in value.free_symbols if s in self.numbers]
        if any(self.numbers[s].exact is None for s in used):
            return None
        return value.xreplace({s: self.numbers[s].exact for s in used})

    def ball(self, value: sp.Expr) -> flint.arb:
        """An expression without unknowns, enclosed."""
        return enclosure(value, self.balls)

    def vanishes(self, value: sp.Expr) -> bool | None:
        """Whether a number is 0: True or False where that is proved, else None."""
        if not self.ball(value).contains(0):
            return False
        exact = self.exact(value)
        return True if exact is not None and vanishes_exactly(exact) else None
