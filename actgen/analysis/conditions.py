"""Signs that were assumed of expressions in the parameters, as short conditions that imply them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy as sp

from actgen.symbolic.text_printer import TextPrinter


@dataclass(frozen=True, slots=True)
class Formula:
    """A number as a function of the parameters; it holds where the conditions do."""

    value: sp.Expr
    conditions: tuple[str, ...]


def texts(signs: Mapping[sp.Expr, int], nominal: Mapping[sp.Symbol, sp.Expr]) -> tuple[str, ...]:
    """Conditions in the spelling of specs that imply the signs, and hold at the nominal parameters.

    A product is taken to keep the sign of each factor, which is more than it needs.
    """
    found = _Bounds()
    others: dict[sp.Expr, int] = {}
    for value in signs:
        for factor in sp.Mul.make_args(sp.factor_terms(value)):
            _sort(factor, nominal, found, others)
    printer = TextPrinter()
    kept = [_compared(value if sign > 0 else -value, printer) for value, sign in _needed(found, others).items()]
    return (*found.texts(printer), *sorted(kept))


def _compared(positive: sp.Expr, printer: TextPrinter) -> str:
    """`a > b` for a - b."""
    terms = sp.Add.make_args(sp.expand(positive))
    below = [t for t in terms if t.could_extract_minus_sign()]
    if not below:
        return f"{printer.doprint(positive)} > 0"
    above = sp.Add(*(t for t in terms if t not in below))
    return f"{printer.doprint(above)} > {printer.doprint(-sp.Add(*below))}"


def signed(value: sp.Expr, nominal: Mapping[sp.Symbol, sp.Expr]) -> tuple[sp.Expr, dict[sp.Symbol, sp.Symbol]]:
    """The expression with symbols that carry the signs of the nominal values, and which they stand for."""
    dummies: dict[sp.Symbol, sp.Symbol] = {}
    for symbol in sorted(value.free_symbols & set(nominal), key=str):
        at = nominal[symbol]
        if at.is_positive or at.is_negative:
            dummies[symbol] = sp.Dummy(symbol.name, positive=True) if at.is_positive else _negative(symbol)
    return value.xreplace(dummies), dummies


def _negative(symbol: sp.Symbol) -> sp.Symbol:
    return sp.Dummy(symbol.name, negative=True)


@dataclass(slots=True)
class _Bounds:
    """Open intervals of single parameters."""

    low: dict[sp.Symbol, sp.Expr] = field(default_factory=dict)
    high: dict[sp.Symbol, sp.Expr] = field(default_factory=dict)

    def add(self, symbol: sp.Symbol, edge: sp.Expr, side: int) -> None:
        """That the symbol is above (side 1) or below a number."""
        bounds, better = (self.low, sp.Max) if side > 0 else (self.high, sp.Min)
        bounds[symbol] = better(bounds.get(symbol, edge), edge)

    def texts(self, printer: TextPrinter) -> list[str]:
        """`alpha > 0`, `0 < slope < 1`."""
        found = []
        for symbol in sorted({*self.low, *self.high}, key=str):
            name = printer.doprint(symbol)
            low, high = (printer.doprint(b[symbol]) if symbol in b else None for b in (self.low, self.high))
            if low is not None and high is not None:
                found.append(f"{low} < {name} < {high}")
            else:
                found.append(f"{name} > {low}" if high is None else f"{name} < {high}")
        return found


def _sort(factor: sp.Expr, nominal: Mapping[sp.Symbol, sp.Expr], bounds: _Bounds, others: dict[sp.Expr, int]) -> None:
    if isinstance(factor, sp.Pow) and factor.args[1].is_Integer:
        factor = factor.args[0]
    if not factor.free_symbols or factor.is_positive or factor.is_negative:
        return
    at = factor.subs(nominal)
    sign = 1 if at.is_positive or (at.is_positive is None and sp.N(at) > 0) else -1
    symbols = factor.free_symbols
    (symbol, *more) = sorted(symbols, key=str)
    line = sp.expand(factor)
    if not more and line.is_polynomial(symbol) and sp.degree(line, symbol) == 1:
        slope = line.coeff(symbol, 1)
        edge = -line.coeff(symbol, 0) / slope
        if slope.is_number and edge.is_Rational:
            bounds.add(symbol, edge, sign if slope.is_positive else -sign)
            return
    others[factor] = sign


def _needed(bounds: _Bounds, others: Mapping[sp.Expr, int]) -> dict[sp.Expr, int]:
    """Without those that follow from the signs of single parameters."""
    positive = {s: sp.Dummy(s.name, positive=True) for s, edge in bounds.low.items() if not edge.is_negative}
    negative = {s: _negative(s) for s, edge in bounds.high.items() if not edge.is_positive}
    kept = {}
    for value, sign in others.items():
        known = value.xreplace({**positive, **negative})
        if not (known.is_positive if sign > 0 else known.is_negative):
            kept[value] = sign
    return kept
