r"""SymPy expressions as LaTeX that looks like a paper's, in commands that LaTeX, MathJax and GitHub all accept.

GitHub refuses `\operatorname`, hence `\mathop{\mathrm{…}}`; bars are \lvert and \rvert, because `|` ends a table cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter

from actgen.symbolic.latex_names import from_name
from actgen.symbolic.products import Product, chained, factored, sum_terms

_FUNCTIONS = {
    **{name: "\\" + name for name in ["sin", "cos", "tan", "sinh", "cosh", "tanh", "log"]},
    "asin": r"\arcsin",
    "acos": r"\arccos",
    "atan": r"\arctan",
    "asinh": r"\mathop{\mathrm{arsinh}}",
    "acosh": r"\mathop{\mathrm{arcosh}}",
    "atanh": r"\mathop{\mathrm{artanh}}",
    "sigmoid": r"\sigma",
    "gamma": r"\Gamma",
    "loggamma": r"\log\Gamma",
    "digamma": r"\psi",
    "sign": r"\mathop{\mathrm{sgn}}",
    "max": r"\max",
    "min": r"\min",
}
_POWER_BEFORE_ARGUMENT = frozenset(["sin", "cos", "tan", "sinh", "cosh", "tanh"])
_TALL = re.compile(r"\\d?frac|\\begin|\\sqrt\[")


class PaperPrinter(LatexPrinter):
    """Prints expressions and conditions.

    Args:
        names: each symbol's LaTeX.
    """

    def __init__(self, names: Mapping[sp.Symbol, str]) -> None:
        super().__init__({"inv_trig_style": "full"})
        self._names = names
        self._in_exponent = False
        self._sigma_taken = r"\sigma" in names.values()

    def show(self, expression: sp.Basic) -> str:
        """The expression's LaTeX, with brackets no taller than needed."""
        return shrink_brackets(self.doprint(expression))

    def terms(self, expression: sp.Basic) -> list[str]:
        """A sum's terms with their signs, to be joined by blanks or line breaks; anything else is one term."""
        shown = self._signed(expression) if isinstance(expression, sp.Add) else [self._print(expression)]
        return [shrink_brackets(term) for term in shown]

    def _print_Symbol(self, expr: sp.Symbol, style: str = "plain") -> str:
        return self._names.get(expr) or from_name(expr.name)

    _print_Dummy = _print_Symbol

    def _print_Function(self, expr: Any, exp: str | None = None) -> str:
        name = type(expr).__name__.lower()
        return self._call(name, self._function_name(name), expr.args, exp)

    def _print_RealPow(self, expr: Any, exp: str | None = None) -> str:
        base, power = expr.args
        shown = f"{self._factor(base) if base.is_Atom else self._bracketed(base)}^{{{self._inline(power)}}}"
        return shown if exp is None else rf"\left({shown}\right)^{{{exp}}}"

    def _print_Cbrt(self, expr: Any, exp: str | None = None) -> str:
        shown = rf"\sqrt[3]{{{self._print(expr.args[0])}}}"
        return shown if exp is None else rf"\left({shown}\right)^{{{exp}}}"

    def _print_Magnitude(self, expr: Any, exp: str | None = None) -> str:
        shown = rf"\left|{self._print(expr.args[0])}\right|"
        return shown if exp is None else f"{shown}^{{{exp}}}"

    def _print_Signum(self, expr: Any, exp: str | None = None) -> str:
        return self._call("sign", self._function_name("sign"), expr.args, exp)

    def _function_name(self, name: str) -> str:
        if name == "sigmoid" and self._sigma_taken:
            return r"\mathop{\mathrm{sigmoid}}"
        return _FUNCTIONS.get(name, rf"\mathop{{\mathrm{{{name}}}}}")

    def _call(self, name: str, shown: str, args: tuple[sp.Basic, ...], exp: str | None) -> str:
        inside = r",\, ".join(self._print(arg) for arg in args)
        if exp is None:
            return rf"{shown}\left({inside}\right)"
        if name in _POWER_BEFORE_ARGUMENT:
            return rf"{shown}^{{{exp}}}\left({inside}\right)"
        return rf"{shown}\left({inside}\right)^{{{exp}}}"

    def _print_log(self, expr: Any, exp: str | None = None) -> str:
        return self._call("log", r"\log", expr.args[:1], exp)

    _print_gamma = _print_loggamma = _print_sign = _print_Function
    _print_Max = _print_Min = _print_asin = _print_acos = _print_Function

    def _print_polygamma(self, expr: Any, exp: str | None = None) -> str:
        order, argument = expr.args
        shown = r"\psi" if order == 0 else rf"\psi^{{({self._print(order)})}}"
        return self._call("polygamma", shown, (argument,), exp)

    def _print_atan2(self, expr: Any, exp: str | None = None) -> str:
        return self._call("atan2", r"\mathop{\mathrm{atan2}}", expr.args, exp)

    def _print_Abs(self, expr: Any, exp: str | None = None) -> str:
        bars = rf"\left\lvert {self._print(expr.args[0])}\right\rvert"
        return bars if exp is None else rf"{bars}^{{{exp}}}"

    def _print_exp(self, expr: Any, exp: str | None = None) -> str:
        shown = rf"e^{{{self._inline(expr.args[0])}}}"
        return shown if exp is None else rf"\left({shown}\right)^{{{exp}}}"

    _print_ExpBase = _print_exp

    def _inline(self, expression: sp.Basic) -> str:
        """An exponent: quotients as `a/b`."""
        before, self._in_exponent = self._in_exponent, True
        try:
            return self._print(expression)
        finally:
            self._in_exponent = before

    def _print_Pow(self, expr: Any) -> str:
        base, power = expr.base, expr.exp
        if base is sp.E:
            return self._print_exp(sp.exp(power, evaluate=False))
        if power.could_extract_minus_sign():
            return self._quotient(factored(expr))
        if isinstance(power, sp.Rational) and power.p == 1 and power.q <= 9:
            degree = "" if power.q == 2 else f"[{power.q}]"
            return rf"\sqrt{degree}{{{self._print(base)}}}"
        shown = self._inline(power)
        if isinstance(base, sp.Function) and not isinstance(base, sp.exp):
            return self._print(base, exp=shown)
        return f"{self._factor(base) if base.is_Atom else self._bracketed(base)}^{{{shown}}}"

    def _print_Add(self, expr: Any, order: str | None = None) -> str:
        return " ".join(self._signed(expr))

    def _signed(self, expr: Any) -> list[str]:
        """A sum's terms, all but the first with a sign and a blank in front."""
        first, *others = (self._print(term) for term in sum_terms(expr))
        return [first, *(f"- {term[1:]}" if term.startswith("-") else f"+ {term}" for term in others)]

    def _print_Rational(self, expr: Any) -> str:
        return str(expr.p) if expr.q == 1 else self._quotient(factored(expr))

    def _print_Mul(self, expr: Any) -> str:
        return self._quotient(factored(expr))

    def _quotient(self, product: Product) -> str:
        over, under = list(product.over), list(product.under)
        sign = "-" if product.negative else ""
        after: list[sp.Basic] = []
        if under and not self._in_exponent and all(f.is_Atom or f.is_number for f in under):
            after = [f for f in over if isinstance(f, sp.Add)]
            over = [f for f in over if not isinstance(f, sp.Add)]
            if len(after) == 1 and not over:
                over, after = after, []
        top = self._factors(over, product.decimal, alone=not after) or "1"
        if not under:
            return sign + top
        bottom = self._factors(under, None, alone=not self._in_exponent)
        if self._in_exponent:
            fold = rf"\left({bottom}\right)" if len(under) > 1 else bottom
            return f"{sign}{top}/{fold}"
        tail = f" {self._factors(after, None, alone=False)}" if after else ""
        return rf"{sign}\frac{{{top}}}{{{bottom}}}{tail}"

    def _factors(self, factors: list[sp.Basic], decimal: str | None, *, alone: bool) -> str:
        """Factors side by side; `alone`: a single sum needs no brackets, because a bar encloses it."""
        if alone and len(factors) == 1 and decimal is None and not self._in_exponent:
            return self._print(factors[0]) if isinstance(factors[0], sp.Add) else self._factor(factors[0])
        if decimal:
            decimal = re.sub(r"e([+-]?)0*(\d+)$", _power_of_ten, decimal).replace("…", r"\ldots")
        shown = ([decimal] if decimal else []) + [self._factor(factor) for factor in factors]
        text = ""
        for before, part in zip(["", *shown], shown, strict=False):
            if part[:1].isdigit() and text:
                text += rf" \cdot {part}"
            elif before == decimal or r"\mathrm" in (before[:7], part[:7]):
                text += rf"\, {part}" if text else part
            else:
                text += f" {part}" if text else part
        return text

    def _factor(self, factor: sp.Basic) -> str:
        needs = isinstance(factor, sp.Add) or (factor.is_number and factor.could_extract_minus_sign())
        return self._bracketed(factor) if needs else self._print(factor)

    def _bracketed(self, factor: sp.Basic) -> str:
        return rf"\left({self._print(factor)}\right)"

    def _print_ComplexInfinity(self, expr: sp.Basic) -> str:
        return r"\pm\infty"

    def _print_And(self, e: Any) -> str:
        if chain := chained(e):
            signs = {"<": "<", "<=": r"\leq"}
            return " ".join(signs[part] if isinstance(part, str) else self._print(part) for part in chain)
        return r" \text{ and } ".join(self._clause(arg) for arg in sorted(e.args, key=sp.default_sort_key))

    def _print_Or(self, e: Any) -> str:
        return r" \text{ or } ".join(self._clause(arg) for arg in sorted(e.args, key=sp.default_sort_key))

    def _print_Not(self, e: Any) -> str:
        return rf"\text{{not }} \left({self._print(e.args[0])}\right)"

    def _clause(self, condition: sp.Basic) -> str:
        shown = self._print(condition)
        return rf"\left({shown}\right)" if isinstance(condition, sp.Or | sp.And) else shown


def _power_of_ten(exponent: re.Match[str]) -> str:
    return rf" \cdot 10^{{{exponent[1].strip('+')}{exponent[2]}}}"


def shrink_brackets(text: str) -> str:
    r"""Plain brackets for `\left( … \right)` pairs whose content is one line high."""
    pieces = re.split(r"(\\left(?:\(|\[|\\lvert)|\\right(?:\)|\]|\\rvert))", text)
    stack: list[tuple[int, bool]] = []
    for index in range(1, len(pieces), 2):
        if pieces[index].startswith(r"\left"):
            stack.append((index, False))
            continue
        start, _ = stack.pop()
        if not _TALL.search("".join(pieces[start + 1 : index])):
            pieces[start] = pieces[start].removeprefix(r"\left")
            pieces[index] = pieces[index].removeprefix(r"\right")
    return "".join(pieces)
