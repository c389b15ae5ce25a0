"""Fixtures of the tests that build: small specs, and the command line as a program."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SPEC = """\
actgen: 1
name: {name}
parameters:
  alpha: 0.5
expression: Piecewise((x, x > 0), (alpha * x, True))
checks:
  smoothness: {{x: C0}}
  points:
    - {{at: {{x: 2}}, y: 2, dx: 1}}
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a small good spec, or the given text, as `name.yaml` below the test's folder."""

    def write_spec(name: str = "tilt", text: str = SPEC) -> Path:
        path = tmp_path / "specs" / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace("{name}", name).replace("{{", "{").replace("}}", "}"))
        return path

    return write_spec


@pytest.fixture
def actgen(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command line as a program, in the test's folder, without a terminal."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "actgen", *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture(autouse=True)
def kernels_are_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Certificates say that all is well, in this process: to measure takes seconds a spec."""
    section = {"status": "PASSED", "results": []}
    monkeypatch.setattr("actgen.pipeline.certifying.measured_section", lambda unit, header: (section, ()))
