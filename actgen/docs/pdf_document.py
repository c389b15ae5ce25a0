"""The data sheet as a PDF, its source and its plot: the document that `--target pdf` asks for."""

from __future__ import annotations

from collections.abc import Mapping

from actgen.docs import datasheet, plot_pdf
from actgen.docs.documents import Described, Document, DocumentError, Lacking
from actgen.docs.pdflatex import PROGRAM, LatexError, find_pdflatex, typeset
from actgen.docs.sampling import panels

INSTALL = (
    "install pdfLaTeX with amsmath, booktabs, microtype and the Pagella fonts: on Debian and Ubuntu "
    "`apt install texlive-latex-recommended texlive-fonts-recommended tex-gyre lmodern`, on Fedora "
    "`dnf install texlive-scheme-medium`, on macOS MacTeX (`brew install --cask mactex-no-gui`), on Windows MiKTeX "
    "(`winget install MiKTeX.MiKTeX`)"
)


class _DataSheet:
    def lacks(self) -> Lacking | None:
        return Lacking(PROGRAM, INSTALL) if find_pdflatex() is None else None

    def sources(self, described: Described) -> Mapping[str, str]:
        name = described.unit.activation.name
        text = datasheet.source(
            described.unit,
            _plot(name),
            described.targets,
            verified=described.verified,
            certificate=described.certificate,
            analysis=described.analysis,
        )
        return {f"{name}_datasheet.tex": text}

    def outputs(self, name: str) -> tuple[str, ...]:
        return (f"{name}.pdf", _plot(name))

    def made(self, described: Described, sources: Mapping[str, str]) -> Mapping[str, bytes]:
        program = find_pdflatex()
        if program is None:
            raise DocumentError(f"there is no {PROGRAM}")
        name = described.unit.activation.name
        plot = {_plot(name): plot_pdf.pdf(panels(described.unit))}
        (source,) = sources.values()
        try:
            return {f"{name}.pdf": typeset(program, source, plot), **plot}
        except LatexError as error:
            raise DocumentError(str(error)) from error


def _plot(name: str) -> str:
    return f"{name}_plot.pdf"


DOCUMENT: Document = _DataSheet()
