"""The equations of a page: formulas, partials, and what the long ones abbreviate."""

from __future__ import annotations

from dataclasses import dataclass

from actgen.symbolic.abbreviation import Narrow, abbreviated, expressions
from actgen.symbolic.derivation import Derivation
from actgen.symbolic.latex_width import width
from actgen.symbolic.typesetting import SCREEN, Layout, Typesetter


@dataclass(frozen=True, slots=True)
class Equations:
    """LaTeX display equations, outputs outermost, variables in argument order; definitions go with their first use."""

    formulas: tuple[str, ...]
    formula_definitions: tuple[str, ...]
    partials: tuple[str, ...]
    partial_definitions: tuple[str, ...]


def equations(derivation: Derivation, layout: Layout = SCREEN) -> Equations:
    """Everything that a page prints about a derivation; on paper, what is too wide to be broken is abbreviated too."""
    shown = abbreviated(derivation, _narrow(derivation, layout) if layout is not SCREEN else None)
    typeset = Typesetter(shown.derivation, layout)
    outputs = shown.derivation.outputs
    first = shown.used_by(piece.value for output in outputs for piece in output.pieces)
    later = [item for item in shown.used_by(e for output in outputs for e in expressions(output)) if item not in first]
    return Equations(
        formulas=tuple(str(equation) for equation in typeset.formulas()),
        formula_definitions=tuple(str(typeset.definition(name, value)) for name, value in first),
        partials=tuple(str(equation) for equation in typeset.partials()),
        partial_definitions=tuple(str(typeset.definition(name, value)) for name, value in later),
    )


def _narrow(derivation: Derivation, layout: Layout) -> Narrow:
    typeset = Typesetter(derivation)
    return Narrow(lambda expression: width(typeset.expression(expression)), layout.line, layout.piece)
