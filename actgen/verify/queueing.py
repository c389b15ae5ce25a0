"""Framework processes side by side: as many at once as the machine has room for, the rest as the earlier ones end."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from actgen.verify.children import Child, Outcome, collect, end, start
from actgen.verify.frameworks import Runner

Request: TypeAlias = tuple[Runner, Mapping[str, Any], Mapping[str, np.ndarray]]

_MEMORY = 2 << 30  # bytes; TensorFlow or JAX with the arrays of a sweep take some 1.5 GiB


def at_once() -> int:
    """How many processes run side by side: one for each processor, and 2 GiB of the machine's memory for each."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(processors, _memory() // _MEMORY))


def _memory() -> int:
    """Bytes that the machine has; where it does not tell, enough."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 1 << 50


@contextmanager
def started(
    requests: Sequence[Request],
    limit_s: float,
    most: int | None = None,
    tell: Callable[[Runner], None] = lambda runner: None,
) -> Iterator[tuple[Future[Outcome], ...]]:
    """Runs a process for each request, in order; on leaving, no process is left.

    Args:
        requests: the runner, what to measure (see `runner.run`), and the arrays.
        limit_s: seconds after which a process is ended, counted from its own start.
        most: how many run at once; by default what `at_once` says.
        tell: called with each runner, in a thread of its own, when its process begins.

    Yields:
        What each will have left.
    """
    with tempfile.TemporaryDirectory(prefix="actgen-verify-", ignore_cleanup_errors=True) as name:
        queue = _Queue(Path(name), limit_s, tell)
        with ThreadPoolExecutor(most or at_once(), thread_name_prefix="actgen-verify") as pool:
            try:
                yield tuple(pool.submit(queue.outcome, number, request) for number, request in enumerate(requests))
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
                queue.close()


@dataclass(slots=True)
class _Queue:
    """What runs now; closed, nothing runs and nothing starts."""

    folder: Path
    limit_s: float
    tell: Callable[[Runner], None]
    _running: list[Child] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closed: bool = False

    def outcome(self, number: int, request: Request) -> Outcome:
        """Starts a process and waits for it."""
        runner, wanted, arrays = request
        folder = self.folder / str(number)
        folder.mkdir()
        with self._lock:
            if self._closed:
                return Outcome({}, {}, {}, "interrupted")
            child = start(runner, folder, wanted, arrays, self.limit_s)
            self._running.append(child)
        self.tell(runner)
        try:
            return collect(child)
        finally:
            end(child.process)
            with self._lock:
                self._running.remove(child)

    def close(self) -> None:
        """Ends what runs, and lets nothing start any more."""
        with self._lock:
            self._closed = True
            for child in self._running:
                end(child.process)
