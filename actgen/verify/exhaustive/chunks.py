"""How the numbers of float32 are divided: into chunks, which are measured and counted, and blocks, which are judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from actgen.formats import LAST, Array, by_ordinal

_SPECIAL = np.array([-0.0, np.nan, np.copysign(np.nan, -1.0)])


@dataclass(frozen=True, slots=True)
class Chunk:
    """The numbers from one ordinal up to, and without, another.

    If `special`, what has no ordinal comes after them: -0.0, and a NaN of each sign for all NaNs of that sign.
    """

    first: int
    stop: int
    special: bool = False

    @property
    def size(self) -> int:
        """How many inputs it has."""
        return self.stop - self.first + (len(_SPECIAL) if self.special else 0)

    def inputs(self) -> Array:
        """Its numbers in order."""
        found = by_ordinal(np.arange(self.first, self.stop, dtype=np.int64))
        return np.concatenate([found, _SPECIAL]) if self.special else found

    def blocks(self, size: int) -> Iterator[tuple[Chunk, slice]]:
        """Its parts of at most so many numbers, and where each one's inputs are among its own."""
        for first in range(self.first, self.stop, size):
            stop = min(first + size, self.stop)
            part = Chunk(first, stop, self.special and stop == self.stop)
            yield part, slice(first - self.first, first - self.first + part.size)


@dataclass(frozen=True, slots=True)
class Division:
    """What is gone through: all of float32, or a part of it.

    Attributes:
        chunk: ordinals that are measured at once; an interruption loses no more.
        block: ordinals that are judged at once, which bounds the memory.
        low, high: the first ordinal and the last.
        every: only every so many-th chunk is gone through.
    """

    chunk: int = 1 << 24
    block: int = 1 << 20
    low: int = -LAST
    high: int = LAST
    every: int = 1

    def chunks(self) -> tuple[Chunk, ...]:
        """In order; the last one is special."""
        starts = range(self.low, self.high + 1, self.chunk)[:: self.every]
        found = [Chunk(s, min(s + self.chunk, self.high + 1)) for s in starts]
        return (*found[:-1], replace(found[-1], special=True))

    @property
    def size(self) -> int:
        """How many inputs there are in all."""
        return sum(chunk.size for chunk in self.chunks())
