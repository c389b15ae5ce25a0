"""Kernels called with tensors: layouts found, results made, addresses handed over."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from .kernels import Kernels
from .layout import Layout, contiguous, is_dense, layout
from .library import Format, Kernel, Parameter, Threads

FORMATS: dict[torch.dtype, Format] = {
    torch.float32: "float32",
    torch.bfloat16: "bfloat16",
    torch.float16: "float16",
    torch.float64: "float64",
}


class Plan(NamedTuple):
    """A kernel, and how it goes through certain tensors."""

    kernel: Kernel
    layout: Layout


def plan(kernels: Kernels, inputs: Sequence[Tensor], parameters: Sequence[Tensor]) -> Plan | None:
    """What to run for plain tensors; None where there is no kernel for their shapes."""
    sizes = tuple(inputs[0].shape)
    strides = inputs[0].stride() if _alike(inputs) else contiguous(sizes)
    found = layout(sizes, strides, tuple([tuple(p.shape) for p in parameters]))
    kernel = found and kernels.kernel(FORMATS[inputs[0].dtype], found.shape.short_rows)
    return None if found is None or kernel is None else Plan(kernel, found)


def run_forward(plan: Plan, inputs: Sequence[Tensor], parameters: Sequence[Tensor], outputs: int) -> tuple[Tensor, ...]:
    """The outputs."""
    kernel, found = plan
    inputs = inputs if _alike(inputs) else [x.contiguous() for x in inputs]
    results = tuple([torch.empty_like(inputs[0]) for _ in range(outputs)])
    held = [p.contiguous() for p in parameters]
    given = [_parameter(p, many, 0) for p, many in zip(held, found.per_channel, strict=True)]
    kernel.forward(found.shape, _addresses(inputs), _addresses(results), given, _threads())
    return results


def run_backward(
    plan: Plan, grads: Sequence[Tensor], inputs: Sequence[Tensor], parameters: Sequence[Tensor], summed: bool
) -> tuple[Tensor, ...]:
    """The gradients with respect to the inputs and, undefined unless they are `summed`, the parameters."""
    kernel, found = plan
    inputs = inputs if _alike(inputs) else [x.contiguous() for x in inputs]
    first = inputs[0]
    grads = [g if g.stride() == first.stride() else torch.empty_like(first).copy_(g) for g in grads]
    results = tuple([torch.empty_like(first) for _ in inputs])
    held = [p.contiguous() for p in parameters]
    sums = tuple([torch.empty_like(p) for p in held])
    given = [
        _parameter(p, many, s.data_ptr() if summed else 0)
        for p, s, many in zip(held, sums, found.per_channel, strict=True)
    ]
    kernel.backward(found.shape, _addresses(inputs), _addresses(grads), _addresses(results), given, _threads())
    return (*results, *sums)


def result_like(inputs: Sequence[Tensor]) -> Tensor:
    """What a result looks like: inputs that lie alike and side by side keep their order, others become contiguous."""
    kept = torch.preserve_format if _alike(inputs) else torch.contiguous_format
    return torch.empty_like(inputs[0], memory_format=kept)


def _alike(inputs: Sequence[Tensor]) -> bool:
    first = inputs[0]
    if not first.is_contiguous() and not is_dense(tuple(first.shape), first.stride()):
        return False
    return all(x.stride() == first.stride() for x in inputs[1:])


def _parameter(p: Tensor, per_channel: bool, gradient: int) -> Parameter:
    return Parameter(p.data_ptr(), FORMATS[p.dtype], per_channel, gradient)


def _addresses(tensors: Sequence[Tensor]) -> list[int]:
    return [t.data_ptr() for t in tensors]


def _threads() -> Threads:
    return _so_many(torch.get_num_threads())


@functools.cache
def _so_many(count: int) -> Threads:
    return Threads(_runtime(), count) if count > 1 else Threads()


def _runtime() -> int:
    """The address of `GOMP_parallel` in the OpenMP runtime that PyTorch has loaded; 0 where it is another one."""
    try:
        return ctypes.cast(ctypes.CDLL(None).GOMP_parallel, ctypes.c_void_p).value or 0
    except (AttributeError, OSError, TypeError):  # Windows has no library None
        return 0
