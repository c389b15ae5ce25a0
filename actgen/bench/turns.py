"""Medians of times that several runs take, in turn. It needs no framework."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_SETTLING = 0.3  # seconds that a run is repeated before it is timed, so that caches are warm and clocks are up
_LEAST = 5
_MOST = 400


@dataclass(frozen=True, slots=True)
class Run:
    """What is timed.

    Attributes:
        timed: called with what `before` returns.
        before: called each time, and not timed.
    """

    timed: Callable[..., object]
    before: Callable[[], Sequence[Any]] = tuple


Clock = Callable[[Run], float]
"""Milliseconds of one run."""


def by_clock(run: Run) -> float:
    """Milliseconds of the wall clock."""
    given = run.before()
    start = time.perf_counter()
    run.timed(*given)
    return 1e3 * (time.perf_counter() - start)


def medians(runs: Mapping[str, Run], seconds: float, clock: Clock = by_clock) -> dict[str, float]:
    """Milliseconds of each, the candidates in turn.

    Args:
        runs: by name.
        seconds: for each, roughly; at least five times and at most 400.
        clock: what times one.
    """
    for run in runs.values():
        end = time.perf_counter() + min(_SETTLING, seconds / 2)
        while time.perf_counter() < end:
            run.timed(*run.before())
    slowest = max(clock(run) for run in runs.values()) / 1e3
    repeats = min(_MOST, max(_LEAST, round(seconds / slowest)))
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            times[name].append(clock(run))
    return {name: statistics.median(found) for name, found in times.items()}
