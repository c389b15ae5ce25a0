"""`actgen verify --report` and `--against`: everything in one file, and the built-in's rows beside ours."""

import json

import pytest

from actgen.cli import run
from actgen.diagnostics import Diagnostic
from actgen.pipeline.stages import Verified
from actgen.verify.figures import Figure, Worst

CELL = {
    "runner": "torch",
    "of": "y",
    "dtype": "float32",
    "points": "7 (float32)",
    "mode": "function",
    "profile": "ieee",
    "level": "wrong",
    "worst_ulp": 3.5,
    "where": {"x": 1.5, "alpha": "inf"},
    "nan": 2,
}
MEASURED = {
    "activation": "tilt",
    "frameworks": {"torch": {"status": "FAILED", "reason": "", "versions": {"torch": "2"}, "cells": [CELL]}},
    "peers": [
        {
            "runner": "torch",
            "form": "built-in",
            "function": "torch.nn.Tilt",
            "status": "MEASURED",
            "reason": "",
            "cells": [{**CELL, "worst_ulp": 9.0}],
        }
    ],
    "claims": [{"output": "y", "claim": "C0 in x", "status": "PASSED", "detail": ""}],
}
WORST = Worst("y", float("inf"), {"x": 0.5}, "x = 0.5", 9.0, {"nan": 2, "zeroed": 1})
FIGURES = (
    Figure("torch", "float32", 7, Worst("y", 0.5, {"x": 2.0}, "x = 2"), None),
    Figure("torch", "float32", 7, WORST, None, "built-in", "torch.nn.Tilt"),
)
REMARKS = ("jax: built-in NOT RUN: none",)


@pytest.fixture
def asked(write, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["build", "--no-verify", str(write())]) == 0
    found = []
    answers = iter(
        [
            Verified({"torch": "ok"}, json.dumps(MEASURED), (), FIGURES, REMARKS),
            Verified({"torch": "FAILED"}, json.dumps(MEASURED), (Diagnostic("ACT601", "wrong"),), FIGURES),
        ]
    )

    def verify_files(*arguments, wanted, **options):
        found.append(wanted)
        return next(answers)

    monkeypatch.setattr("actgen.pipeline.checking.verify_files", verify_files)
    capsys.readouterr()
    return found


def test_the_built_in_s_row_stands_below_ours_and_changes_no_exit_code(asked, capsys):
    assert run(["verify", "--against", "torch", "--against", "jax", "specs"]) == 0
    assert asked[0].frameworks == ("torch", "jax")
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    row = "- torch.nn.Tilt  float32       7      inf ulp  y at x = 0.5 (NaN 2, zeroed 1; else 9 ulp)"
    assert lines[lines.index("torch            float32       7      0.5 ulp  y at x = 2") + 1] == row
    assert "jax: built-in NOT RUN: none" in lines


def test_json_names_the_function_and_counts_what_is_wrong(asked, capsys):
    assert run(["verify", "--against", "torch", "--output-format", "json", "specs"]) == 0
    found = json.loads(capsys.readouterr().out)
    ours, theirs = found["figures"]
    assert (ours["form"], theirs["form"], theirs["function"]) == ("actgen", "built-in", "torch.nn.Tilt")
    assert theirs["value"]["wrong_kinds"] == {"nan": 2, "zeroed": 1}
    assert (theirs["value"]["worst_ulp"], theirs["value"]["worst_finite_ulp"]) == ("inf", 9.0)
    assert found["not_compared"] == [{"spec": "specs/tilt.yaml", "reason": REMARKS[0]}]


def test_a_report_has_several_specs_failures_and_what_was_not_run(asked, write, tmp_path):
    write("broken", "actgen: 2\n")
    assert run(["build", "--no-verify", str(write("ramp"))]) == 0
    (tmp_path / "r.json").write_text("old")
    assert run(["verify", "--report", "r.json", "specs"]) == 1
    found = json.loads((tmp_path / "r.json").read_text())
    assert {"actgen", "python", "platform", "cpu"} <= set(found)
    statuses = {spec["spec"]: spec["status"] for spec in found["specs"]}
    assert statuses == {"specs/broken.yaml": "NOT RUN", "specs/ramp.yaml": "PASSED", "specs/tilt.yaml": "FAILED"}
    tilt = found["specs"][-1]
    assert [d["code"] for d in tilt["findings"]] == ["ACT601"]
    assert tilt["frameworks"]["torch"] == MEASURED["frameworks"]["torch"]
    assert tilt["frameworks"]["jax"]["status"] == "NOT RUN"
    assert tilt["peers"] == MEASURED["peers"]
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".r.json")] == []


def test_a_report_in_markdown_has_every_row(asked, tmp_path):
    assert run(["verify", "--report", "r.md", "specs"]) == 0
    text = (tmp_path / "r.md").read_text()
    assert "## tilt: PASSED" in text
    assert "- torch FAILED: torch 2" in text
    assert "- jax NOT RUN: not verified" in text
    assert "| torch | actgen | float32 | function | 7 (float32) | y | 3.5 | x = 1.5, alpha = inf | NaN 2 |" in text
    assert "| torch | torch.nn.Tilt | float32 |" in text


def test_a_report_that_cannot_be_written_leaves_nothing(asked, tmp_path):
    assert run(["verify", "--report", "nowhere/r.json", "specs"]) == 2
    assert not (tmp_path / "nowhere").exists()


def test_exhaustive_keeps_its_state_beside_the_folder_and_its_figures_in_it(asked, tmp_path, monkeypatch, capsys):
    wishes = []

    def verify_files(*arguments, whole, **options):
        wishes.append(whole)
        if whole is not None:
            whole.on_part("tilt", "torch", 1, 255)
        return Verified({"torch": "ok"}, json.dumps(MEASURED), (), FIGURES)

    monkeypatch.setattr("actgen.pipeline.checking.verify_files", verify_files)
    figures = tmp_path / "generated" / "tilt" / "measured.json"
    assert run(["verify", "specs"]) == 0
    assert wishes == [None]
    assert not figures.exists()
    assert run(["verify", "--exhaustive", "--target", "torch", "specs"]) == 0
    assert not figures.exists()  # the other frameworks were not run
    assert run(["verify", "--exhaustive", "specs"]) == 0
    assert json.loads(figures.read_text()) == MEASURED
    folder = tmp_path / "generated" / ".actgen" / "exhaustive"
    assert [(w.frameworks, w.folder.resolve()) for w in wishes[1:]] == [(("torch",), folder)] * 2
    assert folder.is_dir()
    assert capsys.readouterr().err == ""  # no bar where nobody watches
    key = wishes[1].key
    monkeypatch.setattr("actgen.pipeline.exhaustive.framework_versions", lambda: {"torch": "1.0"})
    assert run(["verify", "--exhaustive", "specs"]) == 0
    assert wishes[-1].key != key
