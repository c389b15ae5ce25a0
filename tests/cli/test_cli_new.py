"""`actgen new`: what it writes, what it refuses, and what it says to type next."""

import re
import sys

import pytest

from actgen.cli import run
from actgen.resources import schema_file


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_an_editor_finds_the_schema(tmp_path):
    assert run(["new", "ramp", "--out", "specs/mine"]) == 0
    [path] = re.findall(
        r"\A# yaml-language-server: \$schema=(.+)$", (tmp_path / "specs/mine/ramp.yaml").read_text(), re.M
    )
    assert (tmp_path / "specs/mine" / path).resolve() == schema_file().resolve()


@pytest.mark.parametrize("name", ["ramp", "a_name_of_many_words"])
def test_comments_stand_in_one_column(name, tmp_path):
    assert run(["new", name]) == 0
    lines = (tmp_path / f"{name}.yaml").read_text().splitlines()
    columns = [found.start(1) for line in lines if (found := re.search(r"\S +(#)", line))]
    assert len(columns) >= 5
    assert len(set(columns)) == 1


def test_a_bad_name_points_at_no_file(capsys):
    assert run(["new", "MyRamp"]) == 1
    out = capsys.readouterr().out
    assert "did you mean `my_ramp`?" in out
    assert ".yaml" not in out


@pytest.mark.parametrize(
    ("called", "said"),
    [
        (".venv/bin/actgen", ".venv/bin/actgen"),
        ("/somewhere/actgen/__main__.py", "some/python -m actgen"),
        ("bin/actgen", "actgen"),
        ("bin/pytest", "actgen"),
        ("/somewhere/pytest/__main__.py", "actgen"),
    ],
)
def test_the_next_command_is_written_as_this_one_was(called, said, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "argv", [called, "new"])
    monkeypatch.setattr(sys, "orig_argv", ["some/python", "-m", "actgen", "new"])
    monkeypatch.setattr("shutil.which", lambda name: str(tmp_path / "bin" / "actgen"))
    assert run(["new", "ramp"]) == 0
    assert capsys.readouterr().out == f"wrote ramp.yaml; next: {said} build ramp.yaml\n"
