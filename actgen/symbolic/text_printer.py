"""SymPy expressions as plain text in the spec's own spelling, for docstrings and terminals."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from actgen.symbolic.products import chained, factored, shown_decimal, sum_terms

_NAMES = {"Abs": "abs", "Magnitude": "abs", "Max": "max", "Min": "min", "Signum": "sign"}


class TextPrinter(StrPrinter):
    """Prints `lambda * (exp(x) - 1)`: blanks around operators, decimals as decimals, function names in lower case."""

    def _print_Function(self, expr: Any) -> str:
        kind = type(expr).__name__
        if isinstance(expr, sp.polygamma):
            order, argument = expr.args
            return f"digamma({self._print(argument)})" if order == 0 else f"polygamma({order}, {self._print(argument)})"
        return f"{_NAMES.get(kind, kind.lower())}({', '.join(self._print(arg) for arg in expr.args)})"

    _print_Abs = _print_Max = _print_Min = _print_Function

    def _print_RealPow(self, expr: Any) -> str:
        base, power = (self.parenthesize(arg, PRECEDENCE["Pow"]) for arg in expr.args)
        return f"{base}**{power}"

    def _print_Rational(self, expr: Any) -> str:
        if expr.q == 1:
            return str(expr.p)
        return ("-" if expr < 0 else "") + (shown_decimal(abs(expr)) or f"{abs(expr.p)}/{expr.q}")

    def _print_Mul(self, expr: Any) -> str:
        product = factored(expr)
        over = [self.parenthesize(factor, PRECEDENCE["Mul"]) for factor in product.over]
        over = ([product.decimal] if product.decimal else []) + over
        under = [self.parenthesize(factor, PRECEDENCE["Pow"], strict=True) for factor in product.under]
        text = " * ".join(over) or "1"
        if under:
            text += f" / {under[0]}" if len(under) == 1 else f" / ({' * '.join(under)})"
        return f"-{text}" if product.negative else text

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        base, power = expr.base, expr.exp
        if base is sp.E:
            return f"exp({self._print(power)})"
        if power == sp.Rational(1, 2):
            return f"sqrt({self._print(base)})"
        if power == sp.Rational(1, 3):
            return f"cbrt({self._print(base)})"
        if power.could_extract_minus_sign():
            return self._print_Mul(expr)
        shown = self._print(power)
        tight = power.is_Symbol or (power.is_Integer and power > 0) or power.is_Function
        return f"{self.parenthesize(base, PRECEDENCE['Pow'], strict=False)}**{shown if tight else f'({shown})'}"

    def _print_Add(self, expr: Any, order: str | None = None) -> str:
        text = ""
        for shown in (self._print(term) for term in sum_terms(expr)):
            text += shown if not text else f" - {shown[1:]}" if shown.startswith("-") else f" + {shown}"
        return text

    def _print_Relational(self, expr: Any) -> str:
        return f"{self._print(expr.lhs)} {expr.rel_op} {self._print(expr.rhs)}"

    def _print_And(self, expr: Any) -> str:
        if chain := chained(expr):
            return " ".join(part if isinstance(part, str) else self._print(part) for part in chain)
        return self._joined(expr, " and ")

    def _print_Or(self, expr: Any) -> str:
        return self._joined(expr, " or ")

    def _joined(self, expr: Any, word: str) -> str:
        parts = sorted(expr.args, key=sp.default_sort_key)
        return word.join(f"({self._print(p)})" if isinstance(p, sp.And | sp.Or) else self._print(p) for p in parts)

    def _print_Not(self, expr: Any) -> str:
        return f"not ({self._print(expr.args[0])})"

    def _print_Infinity(self, expr: sp.Basic) -> Any:
        return "inf"

    def _print_NegativeInfinity(self, expr: sp.Basic) -> Any:
        return "-inf"
