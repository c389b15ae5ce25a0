"""The equations of a page: formulas, partials, and what the long ones abbreviate."""

from __future__ import annotations

from dataclasses import dataclass

from actgen.symbolic.abbreviation import abbreviated, expressions
from actgen.symbolic.derivation import Derivation
from actgen.symbolic.typesetting import Typesetter


@dataclass(frozen=True, slots=True)
class Equations:
    """LaTeX display equations, outputs outermost, variables in argument order; definitions go with their first use."""

    formulas: tuple[str, ...]
    formula_definitions: tuple[str, ...]
    partials: tuple[str, ...]
    partial_definitions: tuple[str, ...]


def equations(derivation: Derivation) -> Equations:
    """Everything that a page prints about a derivation."""
    shown = abbreviated(derivation)
    typeset = Typesetter(shown.derivation)
    outputs = shown.derivation.outputs
    first = shown.used_by(piece.value for output in outputs for piece in output.pieces)
    later = [item for item in shown.used_by(e for output in outputs for e in expressions(output)) if item not in first]
    return Equations(
        formulas=tuple(str(equation) for equation in typeset.formulas()),
        formula_definitions=tuple(str(typeset.definition(name, value)) for name, value in first),
        partials=tuple(str(equation) for equation in typeset.partials()),
        partial_definitions=tuple(str(typeset.definition(name, value)) for name, value in later),
    )
