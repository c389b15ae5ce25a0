r"""The formulas of one activation as a LaTeX fragment: `\input` it in a document that loads amsmath."""

from __future__ import annotations

from actgen.docs.bibliography import tex_references
from actgen.docs.equations import equations
from actgen.docs.latex_text import tex_line
from actgen.docs.text import nominal_text
from actgen.emit.header import origin
from actgen.emit.templates import render
from actgen.symbolic.derivation import Derivation
from actgen.symbolic.typesetting import Typesetter


def document(derivation: Derivation) -> str:
    """The text of the `.tex` file."""
    activation = derivation.activation
    shown = equations(derivation)
    typeset = Typesetter(derivation)
    nominal = (rf"${typeset.name(p.name)}$ = \texttt{{{tex_line(nominal_text(p))}}}" for p in activation.parameters)
    return render(
        "docs/document.tex.j2",
        {
            "header": origin(activation.source.file_name, activation.source.sha256),
            "title": tex_line(activation.title),
            "summary": tex_line(activation.summary) if activation.summary else None,
            "equations": shown,
            "nominal": ", ".join(nominal),
            "references": tex_references(activation.references),
        },
    )
