"""The data sheet: a page or two, whatever its text tries to be."""

import re
import shutil
import subprocess
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from nasty_specs import NASTY
from spec_units import catalogue, unit

from actgen.backends.base import Unit
from actgen.docs import datasheet, plot_pdf
from actgen.docs.documents import Described, DocumentError, document
from actgen.docs.latex_text import tex_line
from actgen.docs.pdflatex import LatexError, relevant, typeset
from actgen.docs.sampling import panels
from actgen.verify.kernels import certificate
from actgen.verify.kernels.certificate import Bound

needs_latex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="NOT RUN: pdflatex is not installed")
PDF = document("pdf")


@cache
def texty() -> Unit:
    return unit(NASTY["text"])


def sheet(of: Unit) -> dict[str, bytes]:
    described = Described(unit=of, targets=("torch", "keras", "jax"), verified=True)
    return dict(PDF.made(described, PDF.sources(described)))


def pages(pdf: bytes) -> int:
    """How many there are, by the tree of pages, which pdfTeX may compress."""
    objects = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            objects.append(zlib.decompress(stream))
    return max(int(count) for text in objects for count in re.findall(rb"/Type /Pages\s+/Count (\d+)", text))


@needs_latex
@pytest.mark.parametrize("name", ["gelu", "selu_variation", "swiglu", "hardswish"])
def test_one_or_two_pages(name: str) -> None:
    made = sheet(catalogue(name))
    assert set(made) == set(PDF.outputs(name)) == {f"{name}.pdf", f"{name}_plot.pdf"}
    assert 1 <= pages(made[f"{name}.pdf"]) <= 2


@needs_latex
@pytest.mark.parametrize(
    "of", [texty, lambda: catalogue("rrelu"), lambda: catalogue("swiglu")], ids=["text", "rrelu", "swiglu"]
)
def test_nothing_sticks_out(of: Callable[[], Unit], tmp_path: Path) -> None:
    (tmp_path / "plot.pdf").write_bytes(plot_pdf.pdf(panels(of())))
    (tmp_path / "sheet.tex").write_text(datasheet.source(of(), "plot.pdf"), encoding="utf-8")
    for _ in range(2):
        subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "sheet.tex"], cwd=tmp_path, capture_output=True, check=True
        )
    log = (tmp_path / "sheet.log").read_text("latin-1")
    assert not re.findall(r"^(?:Overfull|Underfull|Missing character).*|^.*Warning.*", log, re.MULTILINE)


@needs_latex
def test_the_same_bytes_each_time_and_no_date() -> None:
    first, second = sheet(catalogue("gelu")), sheet(catalogue("gelu"))
    assert first == second
    assert all(b"CreationDate" not in content and b"ModDate" not in content for content in first.values())


@needs_latex
def test_hostile_text_is_typeset_as_text() -> None:
    made = sheet(texty())
    assert 1 <= pages(made["text.pdf"]) <= 2
    assert b"root:" not in made["text.pdf"]


def test_hostile_text_is_escaped() -> None:
    text = datasheet.source(texty(), "text_plot.pdf")
    body = text[text.index(r"\begin{document}") :]
    assert not re.search(r"\\(input|write|immediate|openin|catcode)\b", body)
    assert r"\textbackslash{}input\{/etc/passwd\}" in body
    assert body.count(r"\end{document}") == 1
    assert body.isascii() or set(re.findall(r"[^\x00-\x7f]", body)) <= set("Üïöé")


@needs_latex
@pytest.mark.parametrize("attack", [r"\input{/etc/passwd}", r"\openout5=/tmp/x \write5{x}"])
def test_latex_itself_opens_nothing_outside_its_folder(attack: str) -> None:
    with pytest.raises(LatexError, match=r"passwd|/tmp/x"):
        typeset("pdflatex", rf"\documentclass{{article}}\begin{{document}}{attack}x\end{{document}}", {})


@needs_latex
def test_latex_starts_no_program() -> None:
    source = r"\documentclass{article}\begin{document}\immediate\write18{touch started}"
    source += r"\IfFileExists{started}{\errmessage{started}}{}x\end{document}"
    assert typeset("pdflatex", source, {}).startswith(b"%PDF")


@needs_latex
def test_a_failure_of_latex_is_told_with_the_lines_that_matter() -> None:
    described = Described(unit=catalogue("gelu"), targets=(), verified=True)
    with pytest.raises(DocumentError, match="Undefined control sequence"):
        PDF.made(described, {"x.tex": r"\documentclass{article}\begin{document}\nosuchthing\end{document}"})


def test_the_lines_that_matter() -> None:
    log = "This is pdfTeX\n(./a.tex\n\n! LaTeX Error: File `x.sty' not found.\n\nType X to quit\n1\n2\n3\n4\n5\n"
    assert relevant(log).splitlines()[0] == "! LaTeX Error: File `x.sty' not found."
    assert "pdfTeX" not in relevant(log)


def test_the_plot_is_the_same_each_time() -> None:
    shown = panels(catalogue("selu_variation"))
    first = plot_pdf.pdf(shown)
    assert first == plot_pdf.pdf(shown)
    assert first.startswith(b"%PDF")
    assert b"Date" not in first


def test_what_is_proved_and_certified_is_on_the_sheet() -> None:
    row = {"of": "y", "format": "float32", "level": "good", "worst_ulp": 3.5, "points": 7, "inputs": "samples"}
    clean = dict.fromkeys(("nan", "infinite", "finite", "zeroed", "sign"), 0)
    measured = {"status": "PASSED", "results": [{**row, **clean}]}
    to, whole = Bound("a", "b", "c", "d", "e", "f"), certificate.not_run("all 2^32 take hours")
    text = datasheet.source(catalogue("relu"), "p.pdf", certificate=certificate.text("relu", to, measured, whole))
    assert r"\heading{Proved}" in text
    assert r"Range & \fitted{[$0$, $\infty$)} \\" in text
    assert r"Lipschitz constant & \fitted{$1$} \\" in text
    assert r"\heading{Certificate of the fused kernel}" in text
    assert r"\textbf{Passed.} The fused kernel was held against exact arithmetic" in text
    assert "the value is within 3.5 ulp" in text
    assert r"all 2\ensuremath{^{3}}\ensuremath{^{2}} take hours" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("αβ", r"\ensuremath{\alpha}\ensuremath{\beta}"),
        ("Ω", r"\ensuremath{\Omega}"),
        ("Α", "A"),
        ("ế", r"\^{e}"),
        ("Жук", "Zhuk"),
        ("😀", ":grinning:"),
        ("x²", r"x\ensuremath{^{2}}"),
        ("a<b", r"a\textless{}b"),
    ],
)
def test_characters_that_pdflatex_lacks_are_spelled(text: str, shown: str) -> None:
    assert tex_line(text) == shown
