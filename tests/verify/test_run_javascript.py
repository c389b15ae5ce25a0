"""Scripts are verified in Node as the files of other targets are in their frameworks."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from javascript_files import written
from spec_units import catalogue, spec, unit

from actgen.backends.base import Unit
from actgen.diagnostics import Severity
from actgen.verify import programs
from actgen.verify.programs import PROGRAMS, find_program
from actgen.verify.report import Level, Report
from actgen.verify.run_javascript import Script
from actgen.verify.verify import verify

ONE = "javascript"


@pytest.fixture(scope="module")
def elu() -> Unit:
    return catalogue("elu")


def verified(one: Unit, folder: Path, device: str = "cpu", require: tuple[str, ...] = ()) -> Report:
    return verify(one.activation, folder, frameworks=(ONE,), require=require, device=device, derivation=one.derivation)


def errors(report: Report) -> set[str]:
    return {d.code for d in report.diagnostics if d.severity is Severity.ERROR}


def test_a_script_passes_in_every_format(elu: Unit, tmp_path: Path) -> None:
    written(elu, tmp_path)
    report = verified(elu, tmp_path, require=(ONE,))
    assert report.ok, [d.message for d in report.diagnostics]
    assert report.statuses[ONE].startswith("ok node ")
    cells = report.frameworks[0].cells
    assert {c.dtype for c in cells} == {"float64", "float32", "bfloat16", "float16"}
    assert {c.mode for c in cells} == {"function", "partials"}
    assert {c.profile for c in cells} == {"ieee"}
    assert max(c.worst for c in cells if c.dtype != "float64") <= 0.5


def test_a_planted_slip_is_found(elu: Unit, tmp_path: Path) -> None:
    path = written(elu, tmp_path)
    text = path.read_text(encoding="utf-8")
    assert text.count("alpha * Math.exp(x)") == 1
    path.write_text(text.replace("alpha * Math.exp(x)", "alpha * Math.exp(x) * (1 + 1e-6)"), encoding="utf-8")
    report = verified(elu, tmp_path)
    assert errors(report) == {"ACT602"}
    assert {c.wrt for c in report.frameworks[0].cells if c.level is Level.WRONG} == {"x"}


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("throw new TypeError('planted');", "TypeError: planted"),
        ("const a = ;", "SyntaxError"),
        ("", "TypeError"),
        ("globalThis.actgen = { activations: { elu: { forward() { throw new Error('late'); } } } };", "Error: late"),
    ],
)
def test_a_script_that_fails_is_a_finding(elu: Unit, tmp_path: Path, script: str, said: str) -> None:
    (tmp_path / "elu.js").write_text(script, encoding="utf-8")
    report = verified(elu, tmp_path)
    assert errors(report) == {"ACT604"}
    assert said in report.frameworks[0].reason


def test_a_script_that_is_not_there_is_a_finding(elu: Unit, tmp_path: Path) -> None:
    report = verified(elu, tmp_path)
    assert errors(report) == {"ACT607"}
    assert "elu.js is missing" in report.frameworks[0].reason


def test_without_node_it_reads_not_run(elu: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(elu, tmp_path)
    monkeypatch.setattr("actgen.verify.frameworks.find_program", lambda name: None)
    report = verified(elu, tmp_path)
    assert report.ok
    assert report.statuses == {ONE: "NOT RUN"}
    assert report.frameworks[0].reason == "node not installed"
    asked = verified(elu, tmp_path, require=(ONE,))
    assert errors(asked) == {"ACT606"}
    assert "pip install actgen[javascript]" in str(asked.diagnostics[0].help)


def test_on_a_gpu_it_reads_not_run(elu: Unit, tmp_path: Path) -> None:
    written(elu, tmp_path)
    report = verified(elu, tmp_path, device="cuda")
    assert report.ok
    assert report.frameworks[0].reason == "javascript computes on cpu only"


def test_node_is_found_in_its_wheel_where_none_is_on_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = find_program("node")
    assert found is not None
    assert PROGRAMS["node"] in found.parts
    written(catalogue("elu"), tmp_path)
    with Script(tmp_path / "elu.js") as script:
        assert script.results(partials=False, table=np.array([[2.0], [1.0]])).tolist() == [[2.0]]
    monkeypatch.setattr(programs.importlib.util, "find_spec", lambda name: None)
    assert find_program("node") is None


def test_a_program_on_the_path_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    node = find_program("node")
    assert node is not None
    there = tmp_path / ("node.exe" if os.name == "nt" else "node")
    shutil.copy(node, there) if os.name == "nt" else there.symlink_to(node)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_program("node") == there


def test_results_are_rows_in_the_order_of_outputs_and_variables(tmp_path: Path) -> None:
    two = unit(spec("inputs: [u, v]\nparameters: {k: 3}\noutputs: {p: k * u + v, q: u * v}", "pair"))
    with Script(written(two, tmp_path)) as script:
        table = np.array([[2.0, 1.0], [5.0, 7.0], [3.0, 4.0]])
        values, slopes = (script.results(partials=p, table=table) for p in (False, True))
        again = script.results(partials=False, table=table[:, :1])
    assert values.tolist() == [[11, 11], [10, 7]]
    assert slopes.tolist() == [[3, 4], [1, 1], [2, 1], [5, 7], [2, 1], [0, 0]]
    assert again.tolist() == [[11], [10]]
