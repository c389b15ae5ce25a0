"""Kernels called with tensors: layouts found, results made, addresses handed over."""

from __future__ import annotations

import ctypes
import functools
import math
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

import torch
from torch import Tensor

from . import passes
from .kernels import Kernels
from .layout import Layout, Sizes, contiguous, is_dense, layout
from .library import Format, Parameter, Threads
from .passes import Arity, Pass
from .settings import Precision, precision

FORMATS: dict[torch.dtype, Format] = {
    torch.float32: "float32",
    torch.bfloat16: "bfloat16",
    torch.float16: "float16",
    torch.float64: "float64",
}

GRAIN = 1 << 15
"""Elements that are worth a thread: as many as PyTorch gives one at least."""


class Plan(NamedTuple):
    """How a kernel goes through tensors of certain shapes, dtypes and strides.

    Attributes:
        forward: the pass that writes the outputs.
        backward: the pass that writes the gradients.
        inputs: how many there are.
        outputs: how many there are.
        alike: whether inputs are taken as they lie; else they are made contiguous.
        channels: whether a parameter has several values.
        threads: how many are worth their start, at most.
    """

    forward: Pass
    backward: Pass
    inputs: int
    outputs: int
    alike: bool
    channels: bool
    threads: int


def plan(kernels: Kernels, arity: Arity, arguments: Sequence[Tensor]) -> Plan | None:
    """What to run for plain tensors, inputs and then parameters; None where there is no kernel for them."""
    strides = tuple(map(Tensor.stride, arguments[: arity.inputs]))
    return _planned(kernels, arity, precision(), tuple(map(_kind, arguments)), strides)


_kind = attrgetter("shape", "dtype", "is_cpu")
_Kind = tuple[Sizes, torch.dtype, bool]


@functools.lru_cache(maxsize=4096)
def _planned(
    kernels: Kernels, arity: Arity, precision: Precision, kinds: tuple[_Kind, ...], strides: tuple[Sizes, ...]
) -> Plan | None:
    if not (_are_equal(kinds[: arity.inputs]) and all(cpu and dtype in FORMATS for _, dtype, cpu in kinds)):
        return None
    sizes, held = tuple(kinds[0][0]), kinds[arity.inputs :]
    alike = is_dense(sizes, strides[0]) and _are_equal(strides)
    found = layout(sizes, strides[0] if alike else contiguous(sizes), tuple([tuple(shape) for shape, _, _ in held]))
    kernel = found and kernels.kernel(FORMATS[kinds[0][1]], found.shape.short_rows, precision == "exact")
    if found is None or kernel is None:
        return None
    spread = _spread(found, [dtype for _, dtype, _ in held])
    return Plan(
        passes.forward(kernel, found.shape, arity, spread),
        passes.backward(kernel, found.shape, arity, spread),
        arity.inputs,
        arity.outputs,
        alike,
        any(found.per_channel),
        math.ceil(math.prod(sizes) / GRAIN),
    )


def _spread(found: Layout, dtypes: Sequence[torch.dtype]) -> list[Parameter]:
    return [Parameter(0, FORMATS[dtype], many) for dtype, many in zip(dtypes, found.per_channel, strict=True)]


def run_forward(plan: Plan, arguments: Sequence[Tensor]) -> list[Tensor]:
    """The outputs."""
    inputs, parameters = _laid_out(plan, arguments)
    results = [torch.empty_like(inputs[0]) for _ in range(plan.outputs)]
    nowhere = (0,) * len(parameters)
    plan.forward.run(_addresses(inputs), _addresses(results), _addresses(parameters), nowhere, _threads(plan))
    return results


def run_backward(
    plan: Plan, grads: Sequence[Tensor | None], arguments: Sequence[Tensor], needed: Sequence[bool]
) -> list[Tensor | None]:
    """The gradients with respect to the inputs, and to the parameters that need one."""
    inputs, parameters = _laid_out(plan, arguments)
    first = inputs[0]
    given = [*inputs, *[_lying_like(first, g) for g in grads]]
    results = [torch.empty_like(first) for _ in inputs]
    sums = [torch.empty_like(p) if n else None for p, n in zip(parameters, needed[plan.inputs :], strict=True)]
    to = [0 if s is None else s.data_ptr() for s in sums]
    plan.backward.run(_addresses(given), _addresses(results), _addresses(parameters), to, _threads(plan))
    return [*results, *sums]


def _lying_like(x: Tensor, grad: Tensor | None) -> Tensor:
    """A gradient of an output in the order of an input; 0 for an output that nobody used."""
    if grad is None:
        return torch.zeros_like(x)
    return grad if grad.stride() == x.stride() else torch.empty_like(x).copy_(grad)


def result_like(inputs: Sequence[Tensor]) -> Tensor:
    """What a result looks like: inputs that lie alike and side by side keep their order, others become contiguous."""
    first, strides = inputs[0], [x.stride() for x in inputs]
    dense = first.is_contiguous() or is_dense(tuple(first.shape), first.stride())
    kept = torch.preserve_format if dense and _are_equal(strides) else torch.contiguous_format
    return torch.empty_like(first, memory_format=kept)


def _laid_out(plan: Plan, arguments: Sequence[Tensor]) -> tuple[Sequence[Tensor], Sequence[Tensor]]:
    """Inputs that lie alike, and parameters whose values lie side by side."""
    inputs, parameters = arguments[: plan.inputs], arguments[plan.inputs :]
    if not plan.alike:
        inputs = [x.contiguous() for x in inputs]
    return inputs, [p.contiguous() for p in parameters] if plan.channels else parameters


def _are_equal(found: Sequence[object]) -> bool:
    return all(other == found[0] for other in found[1:])


def _addresses(tensors: Sequence[Tensor]) -> list[int]:
    return [*map(Tensor.data_ptr, tensors)]


def _threads(plan: Plan) -> Threads:
    return _so_many(min(plan.threads, torch.get_num_threads())) if plan.threads > 1 else _ALONE


_ALONE = Threads()


@functools.cache
def _so_many(count: int) -> Threads:
    return Threads(_runtime(), count) if count > 1 else _ALONE


def _runtime() -> int:
    """The address of `GOMP_parallel` in the OpenMP runtime that PyTorch has loaded; 0 where it is another one."""
    try:
        return ctypes.cast(ctypes.CDLL(None).GOMP_parallel, ctypes.c_void_p).value or 0
    except (AttributeError, OSError, TypeError):  # Windows has no library None
        return 0
