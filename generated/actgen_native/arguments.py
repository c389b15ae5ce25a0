"""Arguments as their shapes have it: how many there are, along which axis parameters vary, how numbers lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

Sizes = tuple[int, ...]


class Arity(NamedTuple):
    """How many inputs and outputs an activation has."""

    inputs: int
    outputs: int


def channel_axis(sizes: Sizes, parameters: Sequence[Sizes]) -> int | None:
    """The axis that parameters vary along, counted from the last, which is -1; 0 if they all have one value.

    None where a kernel cannot run: parameters vary along several axes, or widen the array.
    """
    axis = 0
    for shape in parameters:
        if len(shape) > len(sizes):
            return None
        for place, size in zip(range(-1, -len(shape) - 1, -1), reversed(shape), strict=True):
            if size == 1:
                continue
            if size != sizes[place] or axis not in (0, place):
                return None
            axis = place
    return axis


def is_dense(sizes: Sizes, strides: Sizes) -> bool:
    """Whether the numbers lie side by side, in whatever order of the axes."""
    expected = 1
    for stride, size in sorted((stride, size) for stride, size in zip(strides, sizes, strict=True) if size != 1):
        if stride != expected:
            return False
        expected *= size
    return True


def contiguous(sizes: Sizes) -> Sizes:
    """The strides of an array whose last axis is the innermost."""
    found, stride = [], 1
    for size in reversed(sizes):
        found.append(stride)
        stride *= max(size, 1)
    return tuple(reversed(found))
