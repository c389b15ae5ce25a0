"""Processes start as others end, no more at once than asked for, each with its own time."""

import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from actgen.verify.frameworks import Runner, runners
from actgen.verify.queueing import at_once, started

MODULE = """\
import json, sys, time
from pathlib import Path
path = Path(sys.argv[1])
request = json.loads(path.read_text())
log = Path(request["log"])
with log.open("a") as file:
    file.write("+")
time.sleep(request["seconds"])
with log.open("a") as file:
    file.write("-")
import numpy as np
np.savez(request["result"], a=np.zeros(1))
Path(request["report"]).write_text(json.dumps({"versions": {}, "checks": {}}))
"""


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    (tmp_path / "slow_runner.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return replace(runners("torch", False)[0], module="slow_runner")


def request(runner: Runner, tmp_path: Path, seconds: float):
    wanted = {"device": "cpu", "peers": None, "module": "m", "seconds": seconds, "log": str(tmp_path / "log")}
    return runner, wanted, {"points": np.zeros(1)}


@pytest.mark.parametrize("most", [1, 2])
def test_no_more_run_at_once_than_asked_for(most: int, runner: Runner, tmp_path: Path) -> None:
    with started([request(runner, tmp_path, 0.2)] * 4, 60, most) as children:
        outcomes = [c.result() for c in children]
    assert [o.failure for o in outcomes] == [None] * 4
    running = np.cumsum([{"+": 1, "-": -1}[c] for c in (tmp_path / "log").read_text()])
    assert running.max() <= most
    assert (tmp_path / "log").read_text().count("+") == 4


def test_the_time_of_a_process_counts_from_its_own_start(runner: Runner, tmp_path: Path) -> None:
    with started([request(runner, tmp_path, 1.2)] * 3, 3, 1) as children:
        assert [c.result().failure for c in children] == [None] * 3
    with started([request(runner, tmp_path, 60), request(runner, tmp_path, 0)], 2, 1) as children:
        assert [c.result().failure for c in children] == ["no result after 2 s", None]


def test_on_leaving_nothing_runs_and_nothing_starts(runner: Runner, tmp_path: Path) -> None:
    start = time.monotonic()
    with started([request(runner, tmp_path, 60)] * 3, 90, 1):
        while not ((tmp_path / "log").is_file() and (tmp_path / "log").read_text()):
            time.sleep(0.02)
    assert time.monotonic() - start < 30
    assert (tmp_path / "log").read_text() == "+"


def test_one_for_each_processor_as_far_as_memory_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    for gib, most in ((64, 8), (16, 8), (9, 4), (1, 1)):
        sizes = {"SC_PHYS_PAGES": gib << 18, "SC_PAGE_SIZE": 4096}
        monkeypatch.setattr(os, "sysconf", sizes.__getitem__)
        assert at_once() == most
