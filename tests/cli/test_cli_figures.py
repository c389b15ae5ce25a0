"""`actgen verify` prints the state of this machine: a table, or JSON."""

import json

import pytest

from actgen.cli import run
from actgen.diagnostics import Diagnostic, Severity
from actgen.pipeline.stages import Verified
from actgen.verify.figures import Figure, Worst

FIGURES = (
    Figure("torch", "float64", 1708, Worst("y", 4.6, {"x": -2.0, "alpha": 0.5}, "x = -2"), None),
    Figure(
        "keras[jax]",
        "float32",
        7,
        Worst("y", 0.25, {"x": 1.0, "alpha": 0.5}, "x = 1"),
        Worst("∂y/∂x", float("inf"), {"x": float("inf"), "alpha": 2.0}, "x = inf, alpha = 2"),
    ),
)
FOUND = (Diagnostic("ACT609", "undecided", severity=Severity.WARNING),)
TABLE = """\
            framework   format   points  worst value               worst derivative
            torch       float64    1708      4.6 ulp  y at x = -2
            keras[jax]  float32       7     0.25 ulp  y at x = 1            inf ulp  ∂y/∂x at x = inf, alpha = 2
"""


@pytest.fixture(autouse=True)
def built(write, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["build", "--no-verify", str(write())]) == 0
    answer = Verified({"torch": "ok", "keras": "ok"}, "{}\n", FOUND, FIGURES)
    monkeypatch.setattr("actgen.pipeline.checking.verify_files", lambda *a, **k: answer)
    capsys.readouterr()


def test_verify_prints_a_table(capsys):
    assert run(["verify", "specs"]) == 0
    assert f"good        specs/tilt.yaml  torch ok, keras ok\n{TABLE}1 spec" in capsys.readouterr().out


def test_programs_get_no_table(capsys):
    assert run(["verify", "--output-format", "github", "specs"]) == 0
    assert capsys.readouterr().out == "::warning title=actgen ACT609::undecided\n"


def test_json_has_the_figures_beside_the_findings(capsys):
    assert run(["verify", "--output-format", "json", "specs"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [d["code"] for d in found["findings"]] == ["ACT609"]
    wide, single = found["figures"]
    assert (wide["spec"], wide["framework"], wide["dtype"], wide["points"]) == (
        "specs/tilt.yaml",
        "torch",
        "float64",
        1708,
    )
    assert wide["value"] == {"of": "y", "worst_ulp": 4.6, "where": {"x": -2.0, "alpha": 0.5}}
    assert wide["derivatives"] is None
    assert single["derivatives"]["worst_ulp"] == "inf"
    assert single["derivatives"]["where"] == {"x": "inf", "alpha": 2.0}
