"""The parent's side: one process that measures chunks in advance, while earlier ones are judged."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from actgen.formats import Array
from actgen.verify.children import Child, end, last_words, start
from actgen.verify.exhaustive.chunks import Chunk
from actgen.verify.frameworks import Runner


class ServerError(Exception):
    """The process ended; the text says why."""


@contextmanager
def measuring(
    runner: Runner, request: Mapping[str, Any], modes: Sequence[str], chunks: Sequence[Chunk], limit_s: float
) -> Iterator[Iterator[tuple[Chunk, Mapping[str, Array]]]]:
    """Yields each chunk with its results by mode; these hold until the next chunk is asked for.

    Args:
        runner: what measures.
        request: see `runner.run`.
        modes: which.
        chunks: in order; while one is looked at, the next is measured.
        limit_s: seconds that a chunk may take.

    Raises:
        ServerError: while iterating, if the process ends.
    """
    with tempfile.TemporaryDirectory(prefix="actgen-verify-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        child = start(runner, folder, request, {}, limit_s, talks=True)
        try:
            yield _results(child, folder, modes, chunks)
        finally:
            end(child.process)
            for pipe in (child.process.stdin, child.process.stdout):
                if pipe is not None:
                    with suppress(OSError):  # an order that nobody took
                        pipe.close()


def _results(
    child: Child, folder: Path, modes: Sequence[str], chunks: Sequence[Chunk]
) -> Iterator[tuple[Chunk, Mapping[str, Array]]]:
    places = [folder / "even", folder / "odd"]
    for place in places:
        place.mkdir()
    for number, chunk in enumerate(chunks):
        if number == 0:
            _order(child, chunk, places[0])
        _wait(child)
        if number + 1 < len(chunks):
            _order(child, chunks[number + 1], places[(number + 1) % 2])
        yield chunk, {mode: np.load(places[number % 2] / f"{mode}.npy", mmap_mode="r") for mode in modes}


def _order(child: Child, chunk: Chunk, place: Path) -> None:
    assert child.process.stdin is not None
    line = json.dumps({"chunk": asdict(chunk), "folder": str(place)}) + "\n"
    with suppress(BrokenPipeError):  # it has ended; whoever waits for it says why
        child.process.stdin.write(line.encode())
        child.process.stdin.flush()


def _wait(child: Child) -> None:
    assert child.process.stdout is not None
    if not child.process.stdout.readline():
        raise ServerError(last_words(child))
