"""Limits for parameters whose sign is known: x^p at 0 has one only for a p that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sympy as sp

from actgen.symbolic.calculus import limit
from actgen.symbolic.regions import Interval


@dataclass(frozen=True, slots=True)
class Signs:
    """Symbols that are positive (1) or negative (-1)."""

    known: tuple[tuple[sp.Symbol, int], ...] = ()

    def limit(self, value: sp.Expr, variable: sp.Symbol, point: sp.Expr, side: str) -> sp.Expr | None:
        """The limit from one side; None if it cannot be found."""
        signed = {s: _of_sign(s, sign) for s, sign in self.known if s != variable}
        found = limit(value.xreplace(signed), variable, point.xreplace(signed), side)
        return None if found is None else found.xreplace({new: old for old, new in signed.items()})


def signs_in(conditions: Mapping[sp.Expr, Interval], symbols: Iterable[sp.Symbol]) -> Signs:
    """The signs that conditions leave the symbols inside their intervals; at an end, 0, they say nothing."""
    intervals = ((s, conditions[s]) for s in symbols if s in conditions)
    return Signs(tuple((s, sign) for s, interval in intervals if (sign := _sign(interval.low, interval.high))))


def _sign(low: sp.Expr, high: sp.Expr) -> int:
    return 1 if low.is_nonnegative else -1 if high.is_nonpositive else 0


def _of_sign(symbol: sp.Symbol, sign: int) -> sp.Symbol:
    return sp.Symbol(symbol.name, positive=True) if sign > 0 else sp.Symbol(symbol.name, negative=True)
