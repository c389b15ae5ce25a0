import re
import shutil
import subprocess
from pathlib import Path

import pytest
from spec_units import catalogue, hostile

from actgen.docs.latex import document

NAMES = ("selu_variation", "swiglu", "complex_soft_exponential", "gelu", "bounded_relu")


@pytest.mark.parametrize("name", NAMES)
def test_balanced_and_only_amsmath(name: str) -> None:
    text = document(catalogue(name))
    assert text.count("{") == text.count("}")
    environments = set(re.findall(r"\\begin\{(\w+\*?)\}", text))
    assert environments <= {"equation*", "cases", "aligned"}
    assert len(re.findall(r"\\begin", text)) == len(re.findall(r"\\end", text))


def test_hostile_text_stays_text() -> None:
    text = document(hostile())
    assert not re.search(r"\\(input|write|def)\b(?!\\)", text.split("\n", 2)[2])
    assert r"\end{document}" not in text


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="NOT RUN: pdflatex is not installed")
def test_it_compiles_inside_a_plain_article(tmp_path: Path) -> None:
    texts = {name: document(catalogue(name)) for name in NAMES} | {"hostile": document(hostile())}
    for name, text in texts.items():
        (tmp_path / f"{name}.tex").write_text(text, encoding="utf-8")
    inputs = "\n".join(rf"\input{{{name}}}" for name in texts)
    head = "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n"
    (tmp_path / "all.tex").write_text(f"{head}{inputs}\n\\end{{document}}\n", encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=120)
    assert run.returncode == 0, run.stdout[-3000:]
    assert (tmp_path / "all.pdf").stat().st_size > 10_000
