"""What a reader is shown of an output: its pieces, neighbours with the same expression as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from actgen.symbolic.derivation import Derivation, OutputMath


@dataclass(frozen=True, slots=True)
class Case:
    """An expression and where it holds; the condition is None for the last case (`otherwise`)."""

    expression: sp.Expr
    condition: sp.Basic | None


def value_cases(output: OutputMath, inputs: Sequence[sp.Symbol]) -> tuple[Case, ...]:
    """The output's own formula, first match wins, conditions solved for an input where they are linear in one."""
    return _merged([(piece.value, piece.condition) for piece in output.pieces], inputs)


def partial_cases(output: OutputMath, variable: str, inputs: Sequence[sp.Symbol]) -> tuple[Case, ...]:
    """The partial with respect to an input or parameter, by its declared name, first match wins."""
    return _merged([(piece.partials[variable], piece.condition) for piece in output.pieces], inputs)


def _merged(pieces: list[tuple[sp.Expr, sp.Basic]], inputs: Sequence[sp.Symbol]) -> tuple[Case, ...]:
    merged: list[Case] = []
    for index, (expression, condition) in enumerate(pieces):
        last = index == len(pieces) - 1
        if merged and merged[-1].expression == expression:
            joined = None if last else _either(merged[-1].condition, condition)
            merged[-1] = Case(expression, joined)
        else:
            merged.append(Case(expression, None if last else condition))
    return tuple(
        case if case.condition is None else Case(case.expression, _solved(case.condition, inputs)) for case in merged
    )


def _either(first: Any, second: Any) -> sp.Basic:
    return sp.Or(first, second)


def _solved(condition: Any, inputs: Sequence[sp.Symbol]) -> sp.Basic:
    """`x + a >= 0` as `x >= -a`, in every comparison of the condition."""
    comparisons = condition.atoms(sp.core.relational.Relational)
    return condition.xreplace({comparison: _isolated(comparison, inputs) for comparison in comparisons})


def _isolated(comparison: Any, inputs: Sequence[sp.Symbol]) -> sp.Basic:
    difference = sp.expand(comparison.lhs - comparison.rhs)
    for source in inputs:
        slope = difference.coeff(source, 1)
        rest = difference - slope * source
        if slope.is_number and slope != 0 and not rest.has(source):
            kind = comparison.func if slope.is_positive else comparison.reversed.func
            return kind(source, sp.expand(-rest / slope), evaluate=False)
    return comparison


def input_symbols(derivation: Derivation) -> tuple[sp.Symbol, ...]:
    """The symbols of the inputs, in argument order."""
    return tuple(derivation.symbols[i.name] for i in derivation.activation.inputs)


def function_letter(output: OutputMath, outputs: int, taken: frozenset[str]) -> str:
    """What the docs call an output: `f` for the only one unless a variable has that name, else its own name."""
    return "f" if outputs == 1 and "f" not in taken else output.name
