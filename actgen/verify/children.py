"""Framework processes: how one is started and ended, and what it leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import actgen
from actgen.verify.frameworks import Runner

_QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "ACTGEN_NATIVE": "0",  # kernels have a certificate of their own
    "OMP_NUM_THREADS": "1",  # a process has a processor: threads that wait for each other take ten times as long
}
_PLACES: Mapping[str, Mapping[str, str]] = {
    "cpu": {"CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"},
    "cuda": {"KERAS_TORCH_DEVICE": "cuda", "XLA_PYTHON_CLIENT_PREALLOCATE": "false"},
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a process left: arrays by `dataset/mode`, versions, gradient checks; or why it failed.

    Attributes:
        arrays: empty if it failed.
        versions: names and versions of what was run.
        checks: the framework's own gradient checks and their complaints, empty text for none.
        failure: None, or the last words of the process.
        peers: None if none were asked for.
    """

    arrays: Mapping[str, np.ndarray]
    versions: Mapping[str, str]
    checks: Mapping[str, str]
    failure: str | None = None
    peers: PeerOutcome | None = None


@dataclass(frozen=True, slots=True)
class PeerOutcome:
    """What a process left about peers: arrays by `form/dtype/mode`, and why some are missing, by form and dtype."""

    arrays: Mapping[str, np.ndarray]
    versions: Mapping[str, str]
    failures: Mapping[str, str]
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """A running process and where its results will be."""

    process: subprocess.Popen[bytes]
    folder: Path
    limit_s: float


def start(
    runner: Runner,
    folder: Path,
    request: Mapping[str, Any],
    arrays: Mapping[str, np.ndarray],
    limit_s: float,
    *,
    talks: bool = False,
) -> Child:
    """Starts a process.

    Args:
        runner: which.
        folder: an empty one of its own.
        request: what to measure; see `runner.run`.
        arrays: the points.
        limit_s: seconds that it may take.
        talks: whether it takes orders on its standard input and answers on its standard output.
    """
    np.savez(folder / "request.npz", allow_pickle=False, **arrays)
    places = {"result": str(folder / "result.npz"), "report": str(folder / "report.json"), "limit_s": limit_s}
    places |= {f"peer {key}": str(folder / f"peer-{Path(str(places[key])).name}") for key in ("result", "report")}
    path = folder / "request.json"
    path.write_text(json.dumps({**request, **places}), encoding="utf-8")
    source = str(Path(actgen.__file__).parents[1])
    search = os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH"))))
    with (folder / "stderr").open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, "-m", runner.module, str(path)],
            env={
                **os.environ,
                **_QUIET,
                **_PLACES[request["device"]],
                **runner.environment,
                "PYTHONPATH": search,
            },
            cwd=folder,
            stdin=subprocess.PIPE if talks else subprocess.DEVNULL,
            stdout=subprocess.PIPE if talks else subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
    return Child(process, folder, limit_s)


def collect(child: Child) -> Outcome:
    """Waits for a process and reads what it left."""
    failure: str | None = None
    try:
        status = child.process.wait(child.limit_s)
        failure = last_words(child) if status != 0 else None
    except subprocess.TimeoutExpired:
        failure = f"no result after {child.limit_s:.0f} s"
    request = json.loads((child.folder / "request.json").read_text(encoding="utf-8"))
    peers = None if request["peers"] is None else _peers(child.folder, failure)
    if request["module"] is None:
        return Outcome({}, {}, {}, None, peers)
    if failure is not None and not (peers and _is_whole(child.folder / "report.json")):
        return Outcome({}, {}, {}, failure, peers)
    report = json.loads((child.folder / "report.json").read_text(encoding="utf-8"))
    return Outcome(_arrays(child.folder / "result.npz"), report["versions"], report["checks"], None, peers)


def _peers(folder: Path, failure: str | None) -> PeerOutcome:
    """What runs after our own file: its crash is told apart."""
    if failure is not None:
        return PeerOutcome({}, {}, {}, failure)
    report = json.loads((folder / "peer-report.json").read_text(encoding="utf-8"))
    return PeerOutcome(_arrays(folder / "peer-result.npz"), report["versions"], report["failures"])


def _arrays(path: Path) -> dict[str, np.ndarray]:
    with np.load(path) as results:
        return {key: results[key] for key in results.files}


def _is_whole(path: Path) -> bool:
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True


def last_words(child: Child) -> str:
    """Why a process that has ended failed: the last line that it left on standard error, or what ended it."""
    status, path = child.process.wait(), child.folder / "stderr"
    if status < 0:
        return f"the process was killed by signal {-status}; is memory short?"
    lines = [line for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    if lines and lines[0].startswith("Timeout ("):
        return "no result in time"
    return lines[-1].strip() if lines else f"it ended with status {status}"


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process, and whatever it has started, if it still runs."""
    if process.poll() is None:
        with suppress(ProcessLookupError):  # it ended just now
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
    process.wait()
