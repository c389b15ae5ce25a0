"""Formulas and partials as plain text: what docstrings, terminals and comments show."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from actgen.symbolic.abbreviation import Abbreviated, abbreviated
from actgen.symbolic.cases import Case, function_letter, input_symbols, partial_cases, value_cases
from actgen.symbolic.derivation import Derivation, OutputMath
from actgen.symbolic.text_printer import TextPrinter

_WIDTH = 100
_ALIGNED = 56


def formula_lines(derivation: Derivation) -> tuple[str, ...]:
    """Every output's formula, one line per piece (`f = lambda * x  if x > 0`), no line wider than 100 characters."""
    shown = abbreviated(derivation)
    inputs = input_symbols(derivation)
    lines: list[str] = []
    for output in shown.derivation.outputs:
        lines += _equation(_letter(derivation, output), value_cases(output, inputs))
    values = [piece.value for output in shown.derivation.outputs for piece in output.pieces]
    return (*lines, *_definitions(shown, values))


def partial_lines(derivation: Derivation) -> tuple[str, ...]:
    """Every partial's formula (`∂f/∂x = …`), outputs outermost, variables in argument order."""
    shown = abbreviated(derivation)
    inputs = input_symbols(derivation)
    lines: list[str] = []
    for output in shown.derivation.outputs:
        letter = _letter(derivation, output)
        for variable in derivation.activation.variables:
            lines += _equation(f"∂{letter}/∂{variable.name}", partial_cases(output, variable.name, inputs))
    slopes = [e for o in shown.derivation.outputs for piece in o.pieces for e in piece.partials.values()]
    return (*lines, *_definitions(shown, slopes))


def _definitions(shown: Abbreviated, expressions: Sequence[sp.Expr]) -> list[str]:
    """What the abbreviations in these expressions stand for."""
    printer = TextPrinter()
    found = shown.used_by(expressions)
    return [line for name, value in found for line in _wrapped(f"where {name} = ", printer.doprint(value), "")]


def _letter(derivation: Derivation, output: OutputMath) -> str:
    taken = frozenset(v.name for v in derivation.activation.variables)
    return function_letter(output, len(derivation.outputs), taken)


def _equation(left: str, cases: Sequence[Case]) -> list[str]:
    printer = TextPrinter()
    values = [printer.doprint(case.expression) for case in cases]
    if len(cases) == 1:
        return _wrapped(f"{left} = ", values[0], "")
    lines: list[str] = []
    column = max((len(v) for v in values if len(v) <= _ALIGNED), default=0)
    for index, (case, value) in enumerate(zip(cases, values, strict=True)):
        condition = "otherwise" if case.condition is None else f"if {printer.doprint(case.condition)}"
        start = f"{left} = " if index == 0 else " " * (len(left) + 3)
        lines += _wrapped(start, value.ljust(column), f"  {condition}")
    return lines


def _wrapped(start: str, value: str, condition: str) -> list[str]:
    """One equation broken at blanks where it would pass the width; later lines are indented under the value."""
    lines, current = [], start
    indent = " " * (len(start) + 2)
    for word in _words(value, condition):
        if len(current.rstrip()) > len(start) and len(current) + len(word.rstrip()) > _WIDTH:
            lines.append(current.rstrip())
            current = indent + word.lstrip()
        else:
            current += word
    return [*lines, current.rstrip()]


def _words(value: str, condition: str) -> list[str]:
    """What may not be broken: an operator with its right operand, the condition as a whole."""
    words: list[str] = []
    for token in value.split(" "):
        if words and words[-1] in (" +", " -", " *", " /"):
            words[-1] += f" {token}"
        else:
            words.append(f" {token}" if words else token)
    return [*words, condition] if condition else words
