"""What was measured and cannot be better: one line for people, everything for those who ask and for programs."""

import json

import pytest

from actgen.cli import run
from actgen.diagnostics import Diagnostic, Severity
from actgen.pipeline.stages import Verified

FOUND = (
    Diagnostic("ACT608", "coarse", severity=Severity.NOTE),
    Diagnostic("ACT609", "undecided", severity=Severity.WARNING),
    Diagnostic("ACT616", "excused", severity=Severity.NOTE),
)
LINE = (
    "note        2 results beyond what the arithmetic can hold: listed, not held (docs/NUMERICS.md)"
    "  --verbose prints them"
)
COMMANDS = pytest.mark.parametrize("command", ["build", "verify"])


@pytest.fixture(autouse=True)
def built(write, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["build", "--no-verify", str(write())]) == 0
    for stage in ("produce", "checking"):
        monkeypatch.setattr(
            f"actgen.pipeline.{stage}.verify_files", lambda *a, **k: Verified({"torch": "ok"}, "{}\n", FOUND)
        )


@COMMANDS
@pytest.mark.parametrize("output_format", ["full", "concise"])
def test_notes_are_summed_up_in_one_line(command, output_format, capsys):
    capsys.readouterr()
    assert run([command, "--output-format", output_format, "specs"]) == 0
    out = capsys.readouterr().out
    where = "; generated/tilt/measured.json has them" if command == "build" else ""
    assert out.splitlines().count(LINE + where) == 1
    assert "coarse" not in out
    assert "warning[ACT609] undecided" in out
    assert out.splitlines()[-1].endswith("1 warning, 2 notes")


@COMMANDS
@pytest.mark.parametrize("flag", ["--verbose", "-v"])
def test_verbose_prints_every_note(command, flag, capsys):
    capsys.readouterr()
    assert run([command, flag, "specs"]) == 0
    out = capsys.readouterr().out
    assert "note[ACT608] coarse" in out
    assert "note[ACT616] excused" in out
    assert "--verbose" not in out
    assert out.splitlines()[-1].endswith("1 warning, 2 notes")


@COMMANDS
def test_programs_get_every_note(command, capsys):
    capsys.readouterr()
    assert run([command, "--output-format", "github", "specs"]) == 0
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 3
    assert "::notice title=actgen ACT616::excused" in out


def test_json_has_every_note(capsys):
    capsys.readouterr()
    assert run(["build", "--output-format", "json", "specs"]) == 0
    assert [d["severity"] for d in json.loads(capsys.readouterr().out)] == ["note", "warning", "note"]
