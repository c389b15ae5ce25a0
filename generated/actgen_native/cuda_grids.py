"""How an array is cut for the blocks of a GPU: by its shape alone, so that sums have the same bits on every GPU."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .library import Shape

THREADS = 128
"""Of a block, as in cuda_driver.cuh."""

ACCESS = 16
"""Bytes that a thread reads or writes at once."""

WARP = 32
"""Threads that run together."""

BLOCKS = 4096
"""So many are worth more than longer ones: the largest GPUs run some twelve hundred at once."""

LONGEST = 32
"""Accesses of each thread, at most: beyond it nothing is gained by summing more of them in one block."""

WIDEST = 8192
"""Columns of a row, at most, that is widened to a whole number of strips."""


@dataclass(frozen=True, slots=True)
class Grid:
    """How one launch goes through an array, see cuda_rows.cuh and cuda_columns.cuh.

    Attributes:
        blocks: of threads.
        rows: that one of them takes.
        length: in numbers, of the part of a row that one takes; with short rows, of a row of columns.
        parts: of the array, for each of which there are sums.
        columns: sums of each part and parameter.
    """

    blocks: int
    rows: int
    length: int
    parts: int
    columns: int


def grid(shape: Shape, size: int) -> Grid:
    """The grid for an array.

    Args:
        shape: of it.
        size: of a number, in bytes.
    """
    width = ACCESS // size
    count = shape.outer * shape.channels * shape.inner
    accesses = min(max(count // (THREADS * width * BLOCKS), 1), LONGEST)
    if shape.short_rows:
        return _columns(shape, count, width, accesses * THREADS // WARP)
    return _rows(shape, accesses * THREADS * width)


def _rows(shape: Shape, most: int) -> Grid:
    pieces, length, rows = 1, max(shape.inner, 1), 1
    if shape.inner > most:
        pieces, length = math.ceil(shape.inner / most), most
    else:
        rows = max(min(shape.outer, most // length), 1)
    groups = -(-shape.outer // rows) if shape.inner else 0
    return Grid(groups * pieces * shape.channels, rows, length, groups * pieces, shape.channels)


def _columns(shape: Shape, count: int, width: int, rows: int) -> Grid:
    """A row is whole periods of the channels, in whole accesses, and in whole strips unless it would be too long."""
    period, strip = shape.channels * shape.inner, WARP * width
    length = math.lcm(period, strip)
    if length > WIDEST:
        length = math.lcm(period, width)
        length *= -(-strip // length)
    groups = -(-count // (length * rows))
    return Grid(groups * -(-length // strip), rows, length, groups, length)


def gradient_blocks(channels: int, per_channel: Sequence[bool]) -> int:
    """Blocks that add up the sums for parameters whose gradient is asked for."""
    return sum(-(-channels // WARP) if many else 1 for many in per_channel)
