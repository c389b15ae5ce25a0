"""Kernels called with tensors: layouts found, results made, addresses handed over."""

from __future__ import annotations

import ctypes
import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol, TypeGuard

import torch
from torch import Tensor

from . import passes
from .cuda_grids import grid
from .cuda_passes import CudaPasses
from .kernels import Kernels
from .layout import Layout, Sizes, contiguous, is_dense, layout
from .library import Format, Parameter, Shape, Threads, bytes_of
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


Results = Tensor | tuple[Tensor, ...]  # as operations return them: one alone is no tuple


class Runs(Protocol):
    """What goes through arrays; addresses are those of `Pass.run`."""

    def forward(self, addresses: Sequence[int]) -> None:
        """Writes the outputs."""
        ...

    def backward(self, addresses: Sequence[int], asked: bool) -> None:
        """Writes the cotangents of the inputs, and the gradients of parameters, if one of them is asked for."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class OnCpu:
    """What runs a plan on the CPU.

    Attributes:
        passes: forward and backward.
        threads: how many are worth their start, at most.
    """

    passes: tuple[Pass, Pass]
    threads: int

    def forward(self, addresses: Sequence[int]) -> None:
        """Writes the outputs."""
        self.passes[0].run(self._threads(), addresses)

    def backward(self, addresses: Sequence[int], asked: bool) -> None:
        """Writes the cotangents, and the gradients of parameters that have an address."""
        self.passes[1].run(self._threads(), addresses)

    def _threads(self) -> Threads:
        return _so_many(min(self.threads, torch.get_num_threads())) if self.threads > 1 else _ALONE


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """How a kernel goes through tensors of certain shapes, dtypes and strides.

    Attributes:
        runs: what goes through them.
        arity: how many of the tensors are inputs, and how many outputs there are.
        strides: of what is read and written, unless axes of size 1 have others.
        as_they_lie: whether inputs, and the values of every parameter, are taken so; else they are made contiguous.
        empty: whether there is nothing to do.
    """

    runs: Runs
    arity: Arity
    strides: Sizes
    as_they_lie: bool
    empty: bool

    def forward(self, arguments: Sequence[Tensor]) -> Results:
        """The outputs; one alone is no tuple."""
        given = arguments if self.as_they_lie else self._laid_out(arguments)
        results = [torch.empty_like(given[0]) for _ in range(self.arity.outputs)]
        if not self.empty:
            self.runs.forward([*map(_address, given), *map(_address, results)])
        return single(results)

    def backward(
        self, grads: Sequence[Tensor | None], arguments: Sequence[Tensor], needed: Sequence[bool]
    ) -> tuple[Tensor | None, ...]:
        """The gradients with respect to the inputs, and to the parameters that need one."""
        given = arguments if self.as_they_lie else self._laid_out(arguments)
        x, inputs = given[0], self.arity.inputs
        cotangents = [g if self._lies_well(g) else _lying_like(x, g) for g in grads]
        results = [torch.empty_like(x) for _ in range(inputs)]
        sums = [torch.empty_like(p) if n else None for p, n in zip(given[inputs:], needed[inputs:], strict=True)]
        if self.empty:
            return (*results, *[None if s is None else s.zero_() for s in sums])
        to = [0 if s is None else s.data_ptr() for s in sums]
        addresses = [*map(_address, given), *map(_address, cotangents), *map(_address, results), *to]
        self.runs.backward(addresses, any(to))
        return (*results, *sums)

    def _lies_well(self, grad: Tensor | None) -> TypeGuard[Tensor]:
        return grad is not None and grad.stride() == self.strides and not grad.is_neg()

    def _laid_out(self, arguments: Sequence[Tensor]) -> list[Tensor]:
        inputs = arguments[: self.arity.inputs]
        as_they_lie = are_alike(inputs)
        return [a if as_they_lie and at < len(inputs) else a.contiguous() for at, a in enumerate(arguments)]


def plan(kernels: Kernels, arity: Arity, arguments: Sequence[Tensor]) -> Plan | None:
    """What to run for plain tensors, inputs and then parameters; None where there is no kernel for them."""
    if any(map(Tensor.is_neg, arguments)):
        return None  # in memory they have the other sign
    strides = tuple(map(Tensor.stride, arguments[: arity.inputs]))
    return _planned(kernels, arity, precision(), tuple(map(_kind, arguments)), strides)


_address = Tensor.data_ptr
_kind = attrgetter("shape", "dtype", "device")
_Kind = tuple[Sizes, torch.dtype, torch.device]


@functools.lru_cache(maxsize=4096)
def _planned(
    kernels: Kernels, arity: Arity, precision: Precision, kinds: tuple[_Kind, ...], strides: tuple[Sizes, ...]
) -> Plan | None:
    device = kinds[0][2]
    if not (_are_equal(kinds[: arity.inputs]) and all(d in FORMATS and at == device for _, d, at in kinds)):
        return None
    sizes, held = tuple(kinds[0][0]), kinds[arity.inputs :]
    alike = is_dense(sizes, strides[0]) and _are_equal(strides)
    order = strides[0] if alike else contiguous(sizes)
    found = layout(sizes, order, tuple([tuple(shape) for shape, _, _ in held]))
    if found is None:
        return None
    spread = _spread(found, [dtype for _, dtype, _ in held])
    runs = _runs(kernels, FORMATS[kinds[0][1]], precision == "exact", device, found.shape, arity, spread)
    if runs is None:
        return None
    return Plan(runs, arity, order, alike and not any(found.per_channel), math.prod(sizes) == 0)


def _runs(
    kernels: Kernels,
    storage: Format,
    wide: bool,
    device: torch.device,
    shape: Shape,
    arity: Arity,
    parameters: Sequence[Parameter],
) -> Runs | None:
    if device.type == "cuda":
        return _on_gpu(kernels, storage, wide, device, shape, arity, parameters)
    kernel = kernels.kernel(storage, shape.short_rows, wide) if device.type == "cpu" else None
    if kernel is None:
        return None
    both = passes.forward(kernel, shape, arity, parameters), passes.backward(kernel, shape, arity, parameters)
    return OnCpu(both, math.ceil(shape.outer * shape.channels * shape.inner / GRAIN))


def can_make(kernels: Kernels, dtype: torch.dtype, device: torch.device) -> bool:
    """Whether the kernels of a format can be made for a device, for arrays of any shape."""
    wide = precision() == "exact"
    if device.type == "cpu":
        return all(kernels.kernel(FORMATS[dtype], short, wide) is not None for short in (False, True))
    if device.type != "cuda":
        return False
    arch = architecture(device)
    return all(kernels.on_gpu(FORMATS[dtype], short, wide, arch) is not None for short in (False, True))


def architecture(device: torch.device) -> str:
    """Of a GPU, such as "sm_90"."""
    major, minor = torch.cuda.get_device_capability(device)
    return f"sm_{major}{minor}"


def _on_gpu(
    kernels: Kernels,
    storage: Format,
    wide: bool,
    device: torch.device,
    shape: Shape,
    arity: Arity,
    parameters: Sequence[Parameter],
) -> Runs | None:
    kernel = kernels.on_gpu(storage, shape.short_rows, wide, architecture(device))
    if kernel is None:
        return None
    from .torch_cuda import OnGpu

    return OnGpu(kernel, device, CudaPasses(shape, grid(shape, bytes_of(storage)), arity, tuple(parameters)))


def _spread(found: Layout, dtypes: Sequence[torch.dtype]) -> list[Parameter]:
    return [Parameter(0, FORMATS[dtype], many) for dtype, many in zip(dtypes, found.per_channel, strict=True)]


def _lying_like(x: Tensor, grad: Tensor | None) -> Tensor:
    """A copy of a gradient in the order of an input; 0 for an output that nobody used."""
    if grad is None:
        return torch.zeros_like(x)
    return torch.empty_like(x).copy_(grad)


def result_like(inputs: Sequence[Tensor]) -> Tensor:
    """What a result looks like: inputs that lie alike and side by side keep their order, others become contiguous."""
    kept = torch.preserve_format if are_alike(inputs) else torch.contiguous_format
    return torch.empty_like(inputs[0], memory_format=kept)


def single(results: Sequence[Tensor]) -> Results:
    """Results as operations return them."""
    return results[0] if len(results) == 1 else tuple(results)


def are_alike(inputs: Sequence[Tensor]) -> bool:
    """Whether inputs lie side by side, all in the same order."""
    first = inputs[0]
    dense = first.is_contiguous() or is_dense(tuple(first.shape), first.stride())
    return dense and _are_equal([x.stride() for x in inputs])


def _are_equal(found: Sequence[object]) -> bool:
    return all(other == found[0] for other in found[1:])


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
