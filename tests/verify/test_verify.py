"""Verification finds planted errors in every framework, and reports what did not run."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from actgen.activation import Monotone, OutputChecks, PointCheck, Smoothness
from actgen.diagnostics import Severity
from actgen.verify import frameworks
from actgen.verify.measured import text
from actgen.verify.report import Level, Status
from actgen.verify.verify import verify
from tests.verify.toys import ToyScreen, activation, constant, write


def codes(report: object, severity: Severity = Severity.ERROR) -> set[str]:
    diagnostics: Sequence[object] = getattr(report, "diagnostics")  # noqa: B009
    return {getattr(d, "code") for d in diagnostics if getattr(d, "severity") is severity}  # noqa: B009


@pytest.mark.parametrize("framework", ["torch", "jax", "keras"])
def test_right_module_passes_and_planted_gradient_fails(framework: str, tmp_path: Path) -> None:
    write(tmp_path / "good", framework)
    screen = ToyScreen()
    good = verify(activation(), tmp_path / "good", frameworks=(framework,), require=(framework,), screen=screen)
    assert [d.message for d in good.diagnostics] == []
    assert good.ok
    assert good.statuses[framework].startswith("ok ")
    cells = good.frameworks[0].cells
    assert {c.dtype for c in cells} == {"float64", "float32", "bfloat16", "float16"}
    assert {c.mode for c in cells} == {"function", "partials", "backward", "autograd"}
    assert {(c.dataset, c.points) for c in cells} >= {("every bfloat16", 65_536), ("every float16", 65_536)}
    assert any(c.points > 2_100_000 for c in cells)
    assert json.loads(text(good))["frameworks"][framework]["status"] == "PASSED"

    write(tmp_path / "bad", framework, slip=" * (1 + 1e-6)")
    bad = verify(activation(), tmp_path / "bad", frameworks=(framework,), screen=screen)
    assert not bad.ok
    assert "ACT602" in codes(bad)
    assert bad.statuses[framework] == "FAILED"
    wrong = {(c.wrt, c.mode) for c in bad.frameworks[0].cells if c.level is Level.WRONG}
    assert wrong == {("x", "partials"), ("x", "backward")}


def test_crash_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "toy_torch.py").write_text("raise ValueError('planted')\n", encoding="utf-8")
    report = verify(activation(), tmp_path, frameworks=("torch",))
    assert codes(report) == {"ACT604"}
    assert "ValueError: planted" in report.frameworks[0].reason


@pytest.mark.parametrize("framework", ["torch", "jax", "keras"])
def test_missing_device_is_a_finding(framework: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    write(tmp_path, framework)
    report = verify(activation(), tmp_path, frameworks=(framework,), device="cuda")
    assert codes(report) == {"ACT618"}
    assert report.statuses == {framework: "FAILED"}
    assert "no device cuda" in report.frameworks[0].reason


def test_late_process_is_ended(tmp_path: Path) -> None:
    text = "import os, time\nopen({!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n"
    (tmp_path / "toy_torch.py").write_text(text.format(str(tmp_path / "pid")), encoding="utf-8")
    report = verify(activation(), tmp_path, frameworks=("torch",), limit_s=15)
    assert codes(report) == {"ACT605"}
    pid = int((tmp_path / "pid").read_text())
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.05)
    else:
        pytest.fail("the process still runs")


def test_missing_file_and_missing_framework(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert codes(verify(activation(), tmp_path, frameworks=("torch",))) == {"ACT607"}
    monkeypatch.setattr(frameworks.importlib.util, "find_spec", lambda name: None)
    write(tmp_path, "jax")
    report = verify(activation(), tmp_path, frameworks=("jax",))
    assert report.ok
    assert report.statuses == {"jax": "NOT RUN"}
    assert codes(verify(activation(), tmp_path, frameworks=("jax",), require=("jax",))) == {"ACT606"}


def claim(checks: OutputChecks, tmp_path: Path) -> tuple[set[str], set[str], list[Status]]:
    report = verify(activation(checks=checks), tmp_path, frameworks=())
    return codes(report), codes(report, Severity.WARNING), [c.status for c in report.claims]


def test_true_claims_pass(tmp_path: Path) -> None:
    at = {"x": constant("1")}
    checks = OutputChecks(
        monotone={"x": Monotone.INCREASING},
        range=(constant("-1.5"), constant("1.5")),
        points=(PointCheck(at, {"y": Decimal("1.142"), "dx": Decimal("0.630"), "da": Decimal("0.76159")}),),
    )
    errors, warnings, statuses = claim(checks, tmp_path)
    assert (errors, warnings) == (set(), set())
    assert set(statuses) == {Status.PASSED}


@pytest.mark.parametrize(
    ("checks", "code"),
    [
        (OutputChecks(monotone={"x": Monotone.DECREASING}), "ACT613"),
        (OutputChecks(range=(constant("-1.5"), constant("1.4999"))), "ACT612"),
        (OutputChecks(points=(PointCheck({"x": constant("1")}, {"y": Decimal("1.143")}),)), "ACT611"),
        (OutputChecks(points=(PointCheck({"x": constant("1")}, {"dx": Decimal("0.631")}),)), "ACT611"),
    ],
)
def test_false_claims_are_found(checks: OutputChecks, code: str, tmp_path: Path) -> None:
    errors, _, statuses = claim(checks, tmp_path)
    assert errors == {code}
    assert statuses == [Status.FAILED]


def test_unproved_smoothness_says_so(tmp_path: Path) -> None:
    errors, warnings, statuses = claim(OutputChecks(smoothness={"x": Smoothness.C2}), tmp_path)
    assert (errors, warnings, statuses) == (set(), {"ACT615"}, [Status.NOT_PROVED])
