import re
import shutil
import subprocess
from pathlib import Path

import pytest
from spec_units import SPECS, UNSEEN, derived, hostile

from actgen.docs.latex import document

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


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="NOT RUN: pdflatex is not installed")
def test_everything_compiles_inside_a_plain_article(tmp_path: Path) -> None:
    texts = {path.stem: document(derived(path)) for path in PATHS} | {"hostile": document(hostile().derivation)}
    for name, text in texts.items():
        (tmp_path / f"{name}.tex").write_text(text, encoding="utf-8")
    inputs = "\n".join(rf"\input{{{name}}}" for name in texts)
    head = "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n"
    (tmp_path / "all.tex").write_text(f"{head}{inputs}\n\\end{{document}}\n", encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=120)
    assert run.returncode == 0, run.stdout[-3000:]
    assert (tmp_path / "all.pdf").stat().st_size > 10_000
    assert not re.search(
        r"Overfull \\hbox \((?:1[0-9]{2,}|[2-9][0-9]{2,})", (tmp_path / "all.log").read_text("latin-1")
    )
