"""`actgen bench`: the timing process runs, and its rows become a table. How long anything takes is not looked at."""

from pathlib import Path

import pytest

from actgen.bench.running import reason
from actgen.cli.app import run
from actgen.pipeline import build

SPECS = Path(__file__).parents[2] / "specs"
TIMED = ["--seconds", "0.01", "--size", "1000", "--threads", "1"]


@pytest.fixture
def out(tmp_path, monkeypatch):
    monkeypatch.setenv("ACTGEN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "out"


def table(printed):
    """The candidates' cells, by name, of the one table that was printed."""
    _, _, after = printed.partition("float32, 1,000 elements\n")
    head, *rows = after.splitlines()
    columns = ["forward ms", "f+b ms", "over naive", "forward BW", "f+b BW", "saved B"]
    assert head.split() == " ".join(["candidate", *columns]).split()
    return {row[:24].strip(): [float(cell) for cell in row[24:].split()] for row in rows}


def test_a_built_activation_is_timed_beside_its_peers(out, capsys):
    spec = SPECS / "silu.yaml"
    build([spec], out, verify=False)
    assert run(["bench", str(spec), "--out", str(out), *TIMED]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"# {spec}\nPyTorch ")
    assert "1 CPU threads, with a fused kernel" in printed
    rows = table(printed)
    names = ["naive", "torch.nn.SiLU", "compile(naive)", "actgen, unfused", "actgen", "compile(actgen)"]
    assert list(rows) == names
    assert all(len(cells) == 6 and cells[0] > 0 and cells[1] > 0 for cells in rows.values())
    assert rows["naive"][2] == 1
    assert rows["actgen"][5] == 0


def test_a_spec_that_is_not_built_is_an_error_that_says_so(out, write, capsys):
    spec = write()
    assert run(["bench", str(spec), "--out", str(out), *TIMED]) == 1
    captured = capsys.readouterr()
    assert "error[ACT801]" in captured.out
    assert "tilt_torch.py is missing" in captured.out
    assert "run `actgen build` first" in captured.out


def test_a_broken_spec_and_a_broken_file_are_errors(out, write, capsys):
    spec = write("wrong", "actgen: 1\nname: {name}\nexpression: alpa * x\n")
    assert run(["bench", str(spec), "--out", str(out), *TIMED]) == 1
    assert "error[ACT302]" in capsys.readouterr().out
    spec = write("tilt")
    (out / "tilt").mkdir(parents=True)
    (out / "tilt" / "tilt_torch.py").write_text("raise SystemExit('no luck')\n")
    assert run(["bench", str(spec), "--out", str(out), *TIMED]) == 1
    assert "no luck" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("errors", "status", "words"),
    [
        ("Traceback\n  ...\nValueError: no\n\nSet VERBOSE=1 for more\n", 1, "ValueError: no"),
        ("a.py:3: RuntimeWarning: slow\ntorch.AcceleratorError: none\n----\n", 1, "torch.AcceleratorError: none"),
        ("no luck\n", 1, "no luck"),
        ("", 3, "it ended with status 3"),
        ("UserWarning: odd\n", -9, "signal 9 ended it"),
    ],
)
def test_why_a_process_ended(errors, status, words):
    assert reason(errors, status) == words
