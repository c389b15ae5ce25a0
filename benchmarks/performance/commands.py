"""Times commands, each a process: builds of a spec without verification, `actgen --help`, and a kernel's compilation.

Builds write to empty folders. One build goes before them, so that Python has compiled its modules, and what the project
caches beside the output, if anything, is there.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from actgen.bench.running import reason
from performance.generated import ROOT

_SPEC = "selu_variation"


@dataclass(frozen=True, slots=True)
class Seconds:
    """The median of a command's times, or why there is none."""

    key: str
    seconds: float | None
    reason: str = ""


def timed(repeats: int) -> Iterator[Seconds]:
    """Every command, so many times each."""
    with tempfile.TemporaryDirectory(prefix="actgen-") as name:
        yield from _timed(Path(name), repeats)


def _timed(folder: Path, repeats: int) -> Iterator[Seconds]:
    spec = str(ROOT / "specs" / f"{_SPEC}.yaml")
    build = ["-m", "actgen", "build", spec, "--no-verify", "--out"]
    sources = ["-m", "performance.sources_process", spec]
    kernel = ["-m", "performance.kernel_process", _SPEC]

    def fresh() -> str:
        return tempfile.mkdtemp(dir=folder)

    cache = fresh()
    last = f"{fresh()}/out"
    first = _medians("", lambda: _run([*build, last], cache), 1)
    if first.reason:
        yield from (Seconds(key, None, first.reason) for key in ("build.sources", "build.pages", "build.again"))
    else:
        yield _medians("build.sources", lambda: _run([*sources, f"{fresh()}/out"], cache), repeats)
        yield _medians("build.pages", lambda: _run([*build, f"{fresh()}/out"], cache), repeats)
        yield _medians("build.again", lambda: _run([*build, last], cache), 2 * repeats)
    yield _medians("kernel", lambda: (float(_run(kernel, fresh())[1]), ""), repeats)
    yield _medians("help", lambda: _run(["-m", "actgen", "--help"], cache), 3 * repeats)


def _medians(key: str, once: Callable[[], tuple[float, str]], repeats: int) -> Seconds:
    """The median of the seconds that `once` returns."""
    found = []
    for _ in range(repeats):
        try:
            found.append(once()[0])
        except subprocess.CalledProcessError as error:
            return Seconds(key, None, reason(error.stderr or error.stdout, error.returncode))
    return Seconds(key, statistics.median(found))


def _run(arguments: list[str], cache: str) -> tuple[float, str]:
    """Seconds of a process, and what it printed.

    Raises:
        CalledProcessError: it failed.
    """
    search = os.pathsep.join((str(ROOT), str(ROOT / "benchmarks")))
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": search, "ACTGEN_CACHE": cache},
        capture_output=True,
        text=True,
        check=True,
    )
    return time.perf_counter() - start, done.stdout
