r"""Formulas and partials as LaTeX equations, for pages, papers and notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from actgen.symbolic.cases import Case, function_letter, input_symbols, partial_cases, value_cases
from actgen.symbolic.derivation import Derivation, OutputMath
from actgen.symbolic.latex_names import from_name, latex_names
from actgen.symbolic.latex_printer import PaperPrinter
from actgen.symbolic.latex_width import width


@dataclass(frozen=True, slots=True)
class Layout:
    """How wide things may be, in letters: a line, a line of one piece, a condition before it takes several rows."""

    line: int
    piece: int
    condition: int


SCREEN = Layout(72, 44, 32)
ARTICLE = Layout(54, 38, 28)
"""The text width of an article in ten points, the left side taken off."""
SHEET = Layout(72, 48, 30)
"""The same with narrow margins."""


@dataclass(frozen=True, slots=True)
class Equation:
    """`left = right`, both LaTeX without any `$`."""

    left: str
    right: str

    def __str__(self) -> str:
        return f"{self.left} = {self.right}"


class Typesetter:
    """Prints the parts of one derivation with the spec's own symbols, for a screen or for paper."""

    def __init__(self, derivation: Derivation, layout: Layout = SCREEN) -> None:
        self._layout = layout
        names = latex_names(derivation.activation)
        self._derivation = derivation
        self._names = names
        self._inputs = input_symbols(derivation)
        self._printer = PaperPrinter({derivation.symbols[n]: t for n, t in names.items() if n in derivation.symbols})

    def name(self, variable: str) -> str:
        """An input's or parameter's symbol, by its declared name."""
        return self._names[variable]

    def expression(self, expression: sp.Basic) -> str:
        """Any exact expression or condition over the derivation's symbols."""
        return self._printer.show(expression)

    def letter(self, output: OutputMath) -> str:
        """The output's symbol: `f` for a single one, else its name."""
        taken = frozenset(self._names)
        return from_name(function_letter(output, len(self._derivation.outputs), taken))

    def partial_symbol(self, output: OutputMath, variable: str) -> str:
        r"""`\frac{\partial f}{\partial x}`."""
        return rf"\frac{{\partial {self.letter(output)}}}{{\partial {self.name(variable)}}}"

    def formula(self, output: OutputMath) -> Equation:
        """The output's formula over its inputs."""
        inputs = ", ".join(self.name(i.name) for i in self._derivation.activation.inputs)
        return Equation(f"{self.letter(output)}({inputs})", self._right(value_cases(output, self._inputs)))

    def partial(self, output: OutputMath, variable: str) -> Equation:
        """One partial derivative."""
        return Equation(
            self.partial_symbol(output, variable), self._right(partial_cases(output, variable, self._inputs))
        )

    def definition(self, name: sp.Symbol, value: sp.Expr) -> Equation:
        """What an abbreviation stands for."""
        return Equation(self.expression(name), self._broken(value, self._layout.line))

    def formulas(self) -> tuple[Equation, ...]:
        """Every output's formula."""
        return tuple(self.formula(output) for output in self._derivation.outputs)

    def partials(self) -> tuple[Equation, ...]:
        """Every partial, outputs outermost, variables in argument order."""
        variables = self._derivation.activation.variables
        return tuple(self.partial(o, v.name) for o in self._derivation.outputs for v in variables)

    def _right(self, cases: Sequence[Case]) -> str:
        if len(cases) == 1:
            return self._broken(cases[0].expression, self._layout.line)
        parts = [(case.expression, where) for case in cases for where in self._wheres(case.condition)]
        room = max(self._layout.piece, self._layout.line - max(width(where) for _, where in parts))
        rows = []
        for expression, where in parts:
            shown = self._broken(expression, room)
            style = r"\displaystyle " if r"\frac" in shown and "aligned" not in shown else ""
            rows.append(f"{style}{shown} & {where}")
        gap = "10pt" if any(r"\frac" in row for row in rows) else "4pt"
        return "\\begin{cases}\n" + f" \\\\[{gap}]\n".join(rows) + "\n\\end{cases}"

    def _wheres(self, condition: sp.Basic | None) -> list[str]:
        """The condition's row, or one row for each of the alternatives of a long one."""
        if condition is None:
            return [r"\text{otherwise}"]
        whole = self.expression(condition)
        if width(whole) <= self._layout.condition or not isinstance(condition, sp.Or):
            return [rf"\text{{if }} {whole}"]
        return [rf"\text{{if }} {self.expression(c)}" for c in sorted(condition.args, key=sp.default_sort_key)]

    def _broken(self, expression: sp.Expr, room: float) -> str:
        """The expression, a sum that is wider than the room for it on several lines."""
        whole, terms = self.expression(expression), self._printer.terms(expression)
        if width(whole) <= room or len(terms) < 2:
            return whole
        rows = [terms[0]]
        for term in terms[1:]:
            if width(rows[-1]) + width(term) > room:
                rows.append(rf"\quad {{}} {term}")
            else:
                rows[-1] += f" {term}"
        body = " \\\\\n".join(f"&{row}" for row in rows)
        return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}" if len(rows) > 1 else whole
