"""Kernels on a GPU, called with tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from .cuda_compiler import CudaKernel
from .cuda_passes import CudaPasses, Launch


@dataclass(frozen=True, slots=True, eq=False)
class OnGpu:
    """What runs a plan on one device, in its current stream.

    Attributes:
        kernel: for the device's architecture.
        device: the device.
        passes: what is launched.
    """

    kernel: CudaKernel
    device: torch.device
    passes: CudaPasses

    def forward(self, addresses: Sequence[int]) -> None:
        """Writes the outputs; see `CudaPasses`."""
        self._launch(*self.passes.forward(addresses))

    def backward(self, addresses: Sequence[int], asked: bool) -> None:
        """Writes the cotangents of the inputs, and the gradients of parameters that are asked for."""
        room = torch.empty(self.passes.sums if asked else 0, dtype=torch.float64, device=self.device)
        self._launch(*self.passes.backward(addresses, room.data_ptr()))

    def _launch(self, launches: Sequence[Launch], words: Sequence[int]) -> None:
        device = self.device.index
        if torch.cuda.current_device() != device:
            with torch.cuda.device(self.device):
                return self._launch(launches, words)
        self.kernel.launch(launches, words, device, torch.cuda.current_stream(self.device).cuda_stream)
        return None
