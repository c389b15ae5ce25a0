"""How arrays of any shape and strides are outer × channels × inner numbers."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from .library import Shape

Sizes = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The shape that a kernel sees, and which parameters have one value for each channel."""

    shape: Shape
    per_channel: tuple[bool, ...]


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


@functools.lru_cache(maxsize=4096)
def layout(sizes: Sizes, strides: Sizes, parameters: tuple[Sizes, ...]) -> Layout | None:
    """The layout of a dense array, or None where a kernel has none for the parameters' shapes.

    Args:
        sizes: of the axes.
        strides: in numbers; the array is dense, see `is_dense`.
        parameters: their shapes, which broadcast with `sizes`.
    """
    axis = channel_axis(sizes, parameters)
    if axis is None:
        return None
    count = math.prod(sizes)
    if axis == 0:
        return Layout(Shape(1, 1, count), (False,) * len(parameters))
    channels = sizes[axis]
    inner = strides[axis] if count else 1
    outer = count // (channels * inner) if count else 0
    return Layout(Shape(outer, channels, inner), tuple(math.prod(shape) != 1 for shape in parameters))
