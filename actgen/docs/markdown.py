"""The page of one activation, as GitHub shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from actgen.analysis.analyse import analyse
from actgen.analysis.report import Analysis
from actgen.backends.base import Unit
from actgen.docs.accuracy import accuracy_note
from actgen.docs.bibliography import bibtex, markdown_references
from actgen.docs.equations import Equations, equations
from actgen.docs.markdown_math import display_math, inline_math
from actgen.docs.page_data import has_page, page_name
from actgen.docs.parameters import parameter_table
from actgen.docs.properties import breakpoint_rows, property_rows
from actgen.docs.proved import analysis_rows
from actgen.docs.text import code, markdown_line, nominal_text
from actgen.docs.usage import examples
from actgen.emit.header import origin
from actgen.emit.templates import render
from actgen.symbolic.typesetting import Typesetter


def readme(
    unit: Unit,
    targets: Sequence[str] | None = None,
    *,
    verified: bool = True,
    picture: str | None = None,
    kernel: bool = False,
    checked: bool = True,
    analysis: Analysis | None = None,
) -> str:
    """The text of `README.md`.

    Args:
        unit: what to document.
        targets: the backends that printed a file; None for all.
        verified: else the page says that nothing was.
        picture: the file that shows the accuracy, if it lies beside the page.
        kernel: whether the header of a kernel does.
        checked: whether the user's own check does.
        analysis: what is proved of it; made if it is not given.
    """
    activation = unit.activation
    title = markdown_line(activation.title)
    return render(
        "docs/readme.md.j2",
        {
            "header": origin(activation.source.file_name, activation.source.sha256),
            "name": activation.name,
            "title": title,
            "verified": verified,
            "summary": markdown_line(activation.summary) if activation.summary else None,
            "alt": f"{title}: the function and its derivatives",
            "equations": _displayed(equations(unit.derivation)),
            "nominal": _nominal(unit),
            "properties": property_rows(unit),
            "proved": analysis_rows(analysis or analyse(unit.derivation)),
            "several_outputs": len(activation.outputs) > 1,
            "breakpoints": breakpoint_rows(unit),
            "parameters": parameter_table(unit),
            "examples": examples(activation, targets),
            "accuracy": accuracy_note(unit, code(activation.source.file_name).strip("`")),
            "page": page_name(activation.name) if has_page(targets) else None,
            "picture": picture,
            "kernel": kernel,
            "checked": checked,
            "references": markdown_references(activation.references),
            "bibtex": bibtex(activation),
        },
    )


def _displayed(shown: Equations) -> Equations:
    return Equations(*(tuple(map(display_math, getattr(shown, field.name))) for field in fields(shown)))


def _nominal(unit: Unit) -> str:
    typeset = Typesetter(unit.derivation)
    return ", ".join(
        f"{inline_math(typeset.name(p.name))} = {code(nominal_text(p))}" for p in unit.activation.parameters
    )
