import os
import subprocess
import sys
import time

import pytest

from actgen.emit.workspace import Workspace


def test_staging_is_gone_afterwards_and_leaves_no_trace(tmp_path):
    out = tmp_path / "deep" / "out"
    with Workspace(out).staging() as stage:
        assert stage.parent == out / ".actgen"
        (stage / "half.py").write_text("x")
    assert not out.exists()


def test_a_folder_that_was_there_stays(tmp_path):
    with Workspace(tmp_path).staging():
        pass
    assert list(tmp_path.iterdir()) == []


def test_staging_is_gone_after_an_interrupt(tmp_path):
    def interrupted():
        with Workspace(tmp_path).staging() as stage:
            (stage / "half.py").write_text("x")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_two_builds_do_not_tidy_each_other_away(tmp_path):
    with Workspace(tmp_path).staging() as one:
        with Workspace(tmp_path).staging() as two:
            assert one != two
        assert one.is_dir()


def test_what_a_crash_left_goes_after_a_day(tmp_path):
    old, recent = tmp_path / ".actgen" / "stage-old", tmp_path / ".actgen" / "stage-recent"
    old.mkdir(parents=True)
    recent.mkdir()
    (old / "x.py").write_text("x")
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    with Workspace(tmp_path).staging():
        assert not old.exists()
        assert recent.exists()


def test_git_does_not_see_the_workspace(tmp_path):
    with Workspace(tmp_path).lock():
        pass
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    status = subprocess.run(
        ["git", "-C", str(tmp_path), "status", "--porcelain"], check=True, capture_output=True, text=True
    )
    assert status.stdout == ""


_HOLD = """
import sys
from pathlib import Path
from actgen.emit.workspace import Workspace
with Workspace(Path(sys.argv[1])).lock():
    print("locked", flush=True)
    sys.stdin.readline()
    Path(sys.argv[1], "released").write_text("")
"""


def test_the_lock_waits_for_another_process(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "locked\n"
        other.stdin.write("\n")
        other.stdin.flush()
        with Workspace(tmp_path).lock():
            assert (tmp_path / "released").exists()
