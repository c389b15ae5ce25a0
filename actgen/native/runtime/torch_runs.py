"""What goes through arrays of tensors: a kernel on the CPU, in threads, or one on a GPU."""

from __future__ import annotations

import ctypes
import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import torch

from . import passes
from .arguments import Arity
from .cuda_grids import grid
from .cuda_passes import CudaPasses
from .kernels import Kernels
from .library import Format, Parameter, Shape, Threads, bytes_of
from .passes import Pass
from .settings import precision

if TYPE_CHECKING:
    from .cuda_compiler import CudaKernel

FORMATS: dict[torch.dtype, Format] = {
    torch.float32: "float32",
    torch.bfloat16: "bfloat16",
    torch.float16: "float16",
    torch.float64: "float64",
}

GRAIN = 1 << 15
"""Elements that are worth a thread: as many as PyTorch gives one at least."""


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


def runs_on(
    kernels: Kernels,
    storage: Format,
    wide: bool,
    device: torch.device,
    shape: Shape,
    arity: Arity,
    parameters: Sequence[Parameter],
) -> Runs | None:
    """What goes through arrays of a format and shape on a device; None if no kernel can, which is said once.

    Args:
        kernels: of the activation.
        storage: the format.
        wide: whether to compute float64.
        device: where they are.
        shape: of the arrays.
        arity: how many inputs and outputs there are.
        parameters: their formats, and which have one value for each channel.
    """
    if device.type == "cuda":
        arch = _architecture(device)
        on_gpu = arch and kernels.on_gpu(storage, shape.short_rows, wide, arch)
        passing = CudaPasses(shape, grid(shape, bytes_of(storage)), arity, tuple(parameters))
        return _on_gpu(on_gpu, device, passing) if on_gpu else None
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
    arch = _architecture(device)
    if arch is None:
        return False
    return all(kernels.on_gpu(FORMATS[dtype], short, wide, arch) is not None for short in (False, True))


def _architecture(device: torch.device) -> str | None:
    """Of a GPU of NVIDIA's that is there, such as "sm_90"; None for any other: AMD's are called "cuda", too."""
    if device.type != "cuda" or torch.version.cuda is None or not torch.cuda.is_available():
        return None
    major, minor = torch.cuda.get_device_capability(device)
    return f"sm_{major}{minor}"


def _on_gpu(kernel: CudaKernel, device: torch.device, passing: CudaPasses) -> Runs:
    from .torch_cuda import OnGpu

    return OnGpu(kernel, device, passing)


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
