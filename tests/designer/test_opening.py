"""Which file is edited, and what it begins with."""

import os
from pathlib import Path

import pytest

from actgen.cli import run
from actgen.designer.document import UnreadableError
from actgen.designer.opening import opened
from actgen.spec.reader import read_text


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def name_in(document):
    activation, diagnostics = read_text(document.read().text, document.shown)
    assert diagnostics == ()
    return activation.name


def test_a_new_one_is_named_after_its_file(tmp_path):
    document = opened(tmp_path / "ramp.yaml")
    assert name_in(document) == "ramp"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stem", ["My ramp", "native", "a # b"])
def test_a_file_whose_name_is_no_name_begins_all_the_same(tmp_path, stem):
    assert name_in(opened(tmp_path / f"{stem}.yaml")) == "my_activation"


def test_without_a_spec_a_free_name_is_taken(tmp_path):
    assert opened(None).shown == "my_activation.yaml"
    (tmp_path / "my_activation.yaml").touch()
    assert opened(None).shown == "my_activation_2.yaml"
    (tmp_path / "specs").mkdir()
    document = opened(None)
    assert document.shown == "specs/my_activation.yaml"
    assert name_in(document) == "my_activation"


def test_what_is_there_is_opened_as_it_is(tmp_path):
    (tmp_path / "ramp.yaml").write_text("not: yet\n")
    assert opened(tmp_path / "ramp.yaml").read().text == "not: yet\n"


def test_what_cannot_be_edited_is_refused_at_once(tmp_path, capsys):
    (tmp_path / "ramp.yaml").write_bytes(b"\xff")
    with pytest.raises(UnreadableError, match="not UTF-8"):
        opened(tmp_path / "ramp.yaml")
    assert run(["design", "ramp.yaml"]) == 2
    assert "ramp.yaml is not UTF-8" in capsys.readouterr().err
    os.mkfifo("stream.yaml")
    assert run(["design", "stream.yaml"]) == 2
    assert "stream.yaml is no file" in capsys.readouterr().err
    assert run(["design", "nowhere/ramp.yaml"]) == 2
    assert "there is no such folder" in capsys.readouterr().err


@pytest.mark.parametrize("target", ["loop.yaml", "nowhere.yaml"])
def test_a_link_that_leads_nowhere_is_refused_and_no_bug(capsys, target):
    Path("loop.yaml").symlink_to(target)
    assert run(["design", "loop.yaml"]) == 2
    assert "loop.yaml is a link that leads to no file" in capsys.readouterr().err
