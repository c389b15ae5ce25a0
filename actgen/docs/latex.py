r"""The formulas of one activation as a LaTeX fragment: `\input` it in a document that loads amsmath.

Formulas are broken for the width of an article. How wide they will be is an estimate, so those that may be wider, or
higher than a page, go through a macro by which LaTeX chooses their size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from actgen.docs.bibliography import tex_references
from actgen.docs.equations import Equations, equations
from actgen.docs.latex_text import tex_line
from actgen.docs.text import nominal_text
from actgen.emit.header import origin
from actgen.emit.templates import render
from actgen.symbolic.derivation import Derivation
from actgen.symbolic.latex_width import width
from actgen.symbolic.typesetting import ARTICLE, Typesetter

_WIDE, _HIGH = 52, 16
"""Letters of a line, and lines, that surely fit."""


def document(derivation: Derivation) -> str:
    """The text of the `.tex` file."""
    activation = derivation.activation
    shown = equations(derivation, ARTICLE)
    typeset = Typesetter(derivation)
    nominal = (rf"${typeset.name(p.name)}$ = \texttt{{{tex_line(nominal_text(p))}}}" for p in activation.parameters)
    return render(
        "docs/document.tex.j2",
        {
            "header": origin(activation.source.file_name, activation.source.sha256),
            "title": tex_line(activation.title),
            "summary": tex_line(activation.summary) if activation.summary else None,
            "equations": shown,
            "fitted": frozenset(e for e in _all(shown) if _is_large(e)),
            "nominal": ", ".join(nominal),
            "references": tex_references(activation.references),
        },
    )


def _all(shown: Equations) -> Iterator[str]:
    yield from (*shown.formulas, *shown.formula_definitions, *shown.partials, *shown.partial_definitions)


def _is_large(equation: str) -> bool:
    """Whether an equation may be too wide or too high."""
    left, _, right = equation.partition(" = ")
    rows = re.split(r"\\\\(?:\[\d+pt\])?\n", right)
    return width(left) + max(width(row) for row in rows) > _WIDE or len(rows) > _HIGH
