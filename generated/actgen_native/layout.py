"""How arrays of any shape and strides are outer × channels × inner numbers."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

from .arguments import Sizes, channel_axis
from .library import Shape


@dataclass(frozen=True, slots=True)
class Layout:
    """The shape that a kernel sees, and which parameters have one value for each channel."""

    shape: Shape
    per_channel: tuple[bool, ...]


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
