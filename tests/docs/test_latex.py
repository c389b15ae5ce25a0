import re
import shutil
import subprocess
from pathlib import Path

import pytest
from nasty_specs import NASTY, derivation
from spec_units import SPECS, UNSEEN, derived, hostile

from actgen.docs.equations import equations
from actgen.docs.latex import document
from actgen.symbolic.latex_width import width
from actgen.symbolic.typesetting import ARTICLE

PATHS = [*sorted(SPECS.glob("*.yaml")), *sorted(UNSEEN.glob("*.yaml"))[::12]]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_balanced_and_only_amsmath(path: Path) -> None:
    text = document(derived(path))
    assert text.count("{") == text.count("}")
    environments = set(re.findall(r"\\begin\{(\w+\*?)\}", text))
    assert environments <= {"equation*", "cases", "aligned"}
    assert len(re.findall(r"\\begin", text)) == len(re.findall(r"\\end", text))
    assert text.isascii() or not re.search(r"[^\x00-\u017f]", text), "only letters that pdfLaTeX knows"


def test_hostile_text_stays_text() -> None:
    text = document(hostile().derivation)
    assert not re.search(r"\\(input|write|def)\b(?!\\)", text.split("\n", 2)[2])
    assert r"\end{document}" not in text


_WARNING = re.compile(r"^(?:Overfull|Underfull|Missing character|!)|Warning", re.MULTILINE)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    nasty = {name: document(derivation(text)) for name, text in NASTY.items()}
    return {path.stem: document(derived(path)) for path in PATHS} | nasty | {"hostile": document(hostile().derivation)}


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="NOT RUN: pdflatex is not installed")
@pytest.mark.parametrize("preamble", ["", r"\usepackage[T1]{fontenc}"], ids=["OT1", "T1"])
def test_everything_compiles_without_a_warning(texts: dict[str, str], preamble: str, tmp_path: Path) -> None:
    for name, text in texts.items():
        (tmp_path / f"{name}.tex").write_text(text, encoding="utf-8")
    inputs = "\n".join(rf"\typeout{{reading {name}}}\input{{{name}}}" for name in texts)
    head = f"\\documentclass{{article}}\n{preamble}\n\\usepackage{{amsmath,graphicx}}\n\\begin{{document}}\n"
    (tmp_path / "all.tex").write_text(f"{head}{inputs}\n\\end{{document}}\n", encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=120)
    assert run.returncode == 0, run.stdout[-3000:]
    log = (tmp_path / "all.log").read_text("latin-1")
    assert log.count("\nreading ") == len(texts)
    assert not [line for line in log.splitlines() if _WARNING.search(line)]


def test_a_part_that_is_too_wide_is_named_for_paper_and_not_for_a_screen() -> None:
    found = derivation(NASTY["polynomial"])
    screen, paper = equations(found), equations(found, ARTICLE)
    assert len(paper.formula_definitions) > len(screen.formula_definitions)
    assert max(map(width, paper.formulas)) < 60 < max(map(width, screen.formulas))


def test_what_fits_is_the_same_on_paper_and_on_a_screen() -> None:
    found = derived(SPECS / "selu_variation.yaml")
    assert equations(found, ARTICLE) == equations(found)
