"""How the operations of `torch_ops` run on DTensors: each device computes on its part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch.distributed.tensor import DTensor, Partial, Replicate, Shard
from torch.distributed.tensor.experimental import register_sharding

_Placement = Partial | Replicate | Shard
_Strategy = tuple[list[_Placement], list[_Placement | None]]

__all__ = ["DTensor", "register"]


def register(forward: torch._ops.OpOverload, backward: torch._ops.OpOverload, inputs: int, outputs: int) -> None:
    """Tells DTensor what placements of the arguments go with what placements of the results.

    Args:
        forward: takes inputs, then parameters.
        backward: takes cotangents of the outputs, inputs, parameters, and a flag.
        inputs: how many there are.
        outputs: how many there are.
    """

    @register_sharding(forward)
    def _of_forward(*arguments: Any) -> list[_Strategy]:
        return [
            ([at] * outputs, [*[at] * inputs, *held])
            for at, held, _ in _choices(arguments[0].ndim, [p.shape for p in arguments[inputs:]])
        ]

    @register_sharding(backward)
    def _of_backward(*arguments: Any) -> list[_Strategy]:
        shapes = [p.shape for p in arguments[outputs + inputs : -1]]
        return [
            ([*[at] * inputs, *sums], [*[at] * (outputs + inputs), *held, None])
            for at, held, sums in _choices(arguments[0].ndim, shapes)
        ]


def _choices(ndim: int, shapes: Sequence[Sequence[int]]) -> list[tuple[_Placement, list[_Placement], list[_Placement]]]:
    """The placements of arrays, of parameters, and of parameters' gradients: everything whole, or an axis in parts."""
    whole = [Replicate()] * len(shapes)
    parts = [
        (Shard(axis), [_held(axis - ndim, s) for s in shapes], [_summed(axis - ndim, s) for s in shapes])
        for axis in range(ndim)
    ]
    return [(Replicate(), [*whole], [*whole]), *parts]


def _varies(axis: int, shape: Sequence[int]) -> bool:
    """Whether a parameter has several values along an axis, counted from the last."""
    return -axis <= len(shape) and shape[axis] != 1


def _held(axis: int, shape: Sequence[int]) -> _Placement:
    return Shard(len(shape) + axis) if _varies(axis, shape) else Replicate()


def _summed(axis: int, shape: Sequence[int]) -> _Placement:
    return Shard(len(shape) + axis) if _varies(axis, shape) else Partial()
