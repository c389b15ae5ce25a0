"""The data sheet: one activation on a page or two, as the source of a typeset document."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from actgen.analysis.analyse import analyse
from actgen.analysis.report import Analysis
from actgen.backends.base import Unit
from actgen.docs.accuracy import accuracy_rows, has_goals
from actgen.docs.bibliography import tex_references
from actgen.docs.certificate_words import certificate_words
from actgen.docs.equations import equations
from actgen.docs.latex_text import tex_line
from actgen.docs.markup import LATEX, MARKDOWN
from actgen.docs.parameters import parameter_table
from actgen.docs.properties import breakpoint_rows, property_rows
from actgen.docs.proved import analysis_rows
from actgen.docs.rows import Row
from actgen.docs.sampling import panels
from actgen.docs.text import nominal_text, one_line
from actgen.docs.usage import Line, lines
from actgen.emit.header import origin
from actgen.emit.templates import render
from actgen.symbolic.latex_width import width
from actgen.symbolic.typesetting import SHEET, Typesetter

_ULP = "An ulp is the distance between neighbouring floats at the exact result."
_NO_GOALS = "For this activation the goals are not promised: the functions that it uses set the limit."
_ACCURACY_HEAD = ("input", "computed in", "goal", "refused beyond")
_SYMBOL, _NARROWEST, _WIDEST = 9, 8, 24


def source(
    unit: Unit,
    plot: str,
    targets: Sequence[str] | None = None,
    *,
    verified: bool = True,
    certificate: str | None = None,
    analysis: Analysis | None = None,
) -> str:
    """The whole LaTeX source.

    Args:
        unit: what to describe.
        plot: the file of the plot, a PDF that lies beside the source.
        targets: the backends that printed a file; None for all.
        verified: else the sheet says that nothing was.
        certificate: that of the kernel, if there is one.
        analysis: what is proved of it; made if it is not given.
    """
    activation = unit.activation
    several, table = len(activation.outputs) > 1, parameter_table(unit, LATEX)
    points = [(r.output, r.place, r.smoothness, r.proof)[not several :] for r in breakpoint_rows(unit, LATEX)]
    head = ("output", "where", "smoothness", "proof")[not several :]
    return render(
        "docs/datasheet.tex.j2",
        {
            "header": origin(activation.source.file_name, activation.source.sha256),
            "footer": _footer(unit),
            "name": tex_line(activation.name),
            "title": tex_line(activation.title),
            "title_hex": ("\ufeff" + one_line(activation.title)).encode("utf-16-be").hex().upper(),
            "summary": tex_line(activation.summary) if activation.summary else None,
            "verified": verified,
            "equations": equations(unit.derivation, SHEET),
            "nominal": _nominal(unit),
            "plot": plot,
            "plot_width": "0.54" if len(panels(unit)) == 1 else "1",
            "property_widths": _widths((31, 69)),
            "properties": [(row.label, row.value) for row in property_rows(unit, LATEX)],
            "proved": [_fitting(row) for row in analysis_rows(analysis or analyse(unit.derivation), LATEX)],
            "breakpoint_head": head,
            "breakpoint_widths": _widths((12, 26, 26, 36)[not several :]),
            "breakpoints": points,
            "parameters": replace(table, rows=tuple((rf"\fitted{{{symbol}}}", *rest) for symbol, *rest in table.rows)),
            "parameter_widths": _widths(_needs(unit)),
            "accuracy_head": _ACCURACY_HEAD,
            "accuracy_widths": _widths((22, 36, 14, 28)),
            "accuracy": [[tex_line(cell) for cell in row] for row in accuracy_rows(unit)],
            "accuracy_note": tex_line(_ULP if has_goals(unit) else f"{_ULP} {_NO_GOALS}"),
            "certificate": _certificate(certificate) if certificate else (),
            "usage_widths": _widths((11, 61, 28)),
            "usage": [_usage(line) for line in lines(activation, targets)],
            "references": tex_references(activation.references),
        },
    )


def _fitting(row: Row) -> tuple[str, str]:
    """A row of what is proved: a number that is too wide for its column becomes smaller."""
    return row.label, rf"\fitted{{{row.value}}}"


def _nominal(unit: Unit) -> str:
    typeset = Typesetter(unit.derivation)
    shown = (f"{LATEX.math(typeset.name(p.name))} = {LATEX.code(nominal_text(p))}" for p in unit.activation.parameters)
    return ", ".join(shown)


def _certificate(text: str) -> list[str]:
    """What the certificate says, the verdict first."""
    words = certificate_words(text)
    verdict = f"{LATEX.strong(words.verdict)} {tex_line(words.opening)}"
    return [verdict, *(tex_line(sentence.replace("2^32", "2³²")) for sentence in words.sentences)]


def _needs(unit: Unit) -> list[int]:
    """About how many letters wide each column of the parameters would like to be."""
    plain = parameter_table(unit, MARKDOWN)
    needs = [
        min(max(_NARROWEST, len(column[0]) + 4, *(len(cell.strip("`")) for cell in column)), _WIDEST)
        for column in zip(plain.header, *plain.rows, strict=True)
    ]
    typeset = Typesetter(unit.derivation)
    symbols = [math.ceil(1.5 * width(typeset.name(p.name))) for p in unit.activation.parameters]
    return [min(max(_SYMBOL, *symbols), _WIDEST), *needs[1:]] if needs else []


def _usage(line: Line) -> tuple[str, str, str]:
    imported, called = (rf"\footnotesize {LATEX.code(text)}" for text in (line.imported, line.called))
    return tex_line(line.framework), imported, called


def _footer(unit: Unit) -> str:
    before, _, _ = origin(unit.activation.source.file_name, unit.activation.source.sha256[:12]).partition(";")
    return tex_line(before.removeprefix("@").capitalize())


def _widths(weights: Sequence[int]) -> list[str]:
    """Column widths that fill the line in these proportions, the gaps between the columns left out."""
    shares = [weight / sum(weights) for weight in weights]
    gaps = 2 * (len(weights) - 1)
    return [rf"\dimexpr{share:.4f}\linewidth-{share * gaps:.4f}\tabcolsep\relax" for share in shares]
