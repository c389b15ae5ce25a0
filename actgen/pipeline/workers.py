"""Runs tasks one by one, or in processes of their own that end when the build ends, however it ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from multiprocessing.queues import SimpleQueue

from actgen.pipeline.produce import Product, produce
from actgen.pipeline.progress import Tell, tell_nobody
from actgen.pipeline.task import Task


def run(tasks: Sequence[Task], jobs: int, tell: Tell = tell_nobody) -> Iterator[tuple[int, Product]]:
    """Each task's number and product, as they are finished.

    Args:
        tasks: what to make.
        jobs: how many at once; with 1 they run in this process, in order.
        tell: called with each stage, and its parts, of a task that runs in this process.
    """
    if jobs <= 1 or len(tasks) <= 1:
        for number, task in enumerate(tasks):
            yield number, produce(task, tell)
        return
    context = multiprocessing.get_context("spawn")
    pids: SimpleQueue[int] = context.SimpleQueue()
    executor = ProcessPoolExecutor(min(jobs, len(tasks)), context, initializer=_start, initargs=(pids,))
    try:
        futures = {executor.submit(produce, task): number for number, task in enumerate(tasks)}
        for future in as_completed(futures):
            yield futures[future], future.result()
    except BaseException:  # an interrupt above all: the workers, and what they run, must not live on
        _kill(pids)
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def _start(pids: SimpleQueue[int]) -> None:
    """Makes this worker the head of a group, so that it and what it starts can be ended as one."""
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)
    pids.put(os.getpid())
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        _kill_group(os.getpid())


def _kill(pids: SimpleQueue[int]) -> None:
    while not pids.empty():
        _kill_group(pids.get())


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(pid, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGTERM)
