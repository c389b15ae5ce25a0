"""What a reader is shown of an output: its pieces, neighbours with the same expression as one."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from actgen.symbolic.derivation import OutputMath


@dataclass(frozen=True, slots=True)
class Case:
    """An expression and where it holds; the condition is None for the last case (`otherwise`)."""

    expression: sp.Expr
    condition: sp.Basic | None


def value_cases(output: OutputMath) -> tuple[Case, ...]:
    """The output's own formula, first match wins."""
    return _merged([(piece.value, piece.condition) for piece in output.pieces])


def partial_cases(output: OutputMath, variable: str) -> tuple[Case, ...]:
    """The partial with respect to an input or parameter, by its declared name, first match wins."""
    return _merged([(piece.partials[variable], piece.condition) for piece in output.pieces])


def _merged(pieces: list[tuple[sp.Expr, sp.Basic]]) -> tuple[Case, ...]:
    merged: list[Case] = []
    for index, (expression, condition) in enumerate(pieces):
        last = index == len(pieces) - 1
        if merged and merged[-1].expression == expression:
            joined = None if last else sp.Or(merged[-1].condition, condition)
            merged[-1] = Case(expression, joined)
        else:
            merged.append(Case(expression, None if last else condition))
    return tuple(merged)


def function_letter(output: OutputMath, outputs: int, taken: frozenset[str]) -> str:
    """What the docs call an output: `f` for the only one unless a variable has that name, else its own name."""
    return "f" if outputs == 1 and "f" not in taken else output.name
