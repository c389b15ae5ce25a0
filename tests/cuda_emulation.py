"""Kernels for a GPU, run on the CPU: the same text, with a thread for each of a block's."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from kernels import DTYPES
from spec_units import catalogue

from actgen.backends.base import Unit
from actgen.backends.kernel import BACKEND
from actgen.native.runtime.arguments import Arity
from actgen.native.runtime.compiler import find_compiler
from actgen.native.runtime.cuda_grids import grid
from actgen.native.runtime.cuda_passes import CudaPasses, Launch
from actgen.native.runtime.library import Format, Parameter, Shape, Source, bytes_of

_HEADER = Path(__file__).parent / "native" / "cuda_on_cpu.h"
_FUNCTIONS = ("actgen_forward", "actgen_backward", "actgen_backward_sums", "actgen_gradients")
_LAUNCHES = "".join(
    f'extern "C" void launch_{name}(const actgen::Call* call, unsigned blocks) {{\n'
    f"  on_cpu::launch({name}, *call, blocks);\n}}\n"
    for name in _FUNCTIONS
)


@dataclass(frozen=True, slots=True)
class Emulated:
    """The functions of a source, and the dtype of its arrays."""

    library: ctypes.CDLL
    unit: Unit
    storage: Format

    @property
    def dtype(self) -> Any:
        return DTYPES[self.storage]

    def passes(self, shape: Shape, parameters: Sequence[npt.NDArray[np.float64]]) -> CudaPasses:
        """What is launched for arrays."""
        activation = self.unit.activation
        arity = Arity(len(activation.inputs), len(activation.outputs))
        held = tuple(Parameter(0, "float64", p.size > 1) for p in parameters)
        return CudaPasses(shape, grid(shape, bytes_of(self.storage)), arity, held)

    def forward(self, shape: Shape, inputs: Sequence[npt.NDArray[Any]], parameters: Sequence[Any]):
        """The outputs."""
        held = [np.atleast_1d(np.asarray(p, np.float64)) for p in parameters]
        results = [misaligned(np.full_like(inputs[0], 7), 0) for _ in self.unit.activation.outputs]
        self.launch(*self.passes(shape, held).forward(_addresses([*inputs, *held, *results])))
        return results

    def backward(
        self,
        shape: Shape,
        inputs: Sequence[npt.NDArray[Any]],
        cotangents: Sequence[npt.NDArray[Any]],
        parameters: Sequence[Any],
        asked: Sequence[bool] | None = None,
    ):
        """The cotangents of the inputs, and the gradients of the parameters that are asked for, else NaN."""
        held = [np.atleast_1d(np.asarray(p, np.float64)) for p in parameters]
        results = [misaligned(np.full_like(x, 7), 0) for x in inputs]
        gradients, passes = [np.full_like(p, np.nan) for p in held], self.passes(shape, held)
        sums = np.full(passes.sums, np.nan)
        to = [g.ctypes.data if a else 0 for g, a in zip(gradients, asked or [True] * len(held), strict=True)]
        addresses = [*_addresses([*inputs, *held, *cotangents, *results]), *to]
        self.launch(*passes.backward(addresses, sums.ctypes.data))
        return results, gradients

    def launch(self, launches: Sequence[Launch], words: Sequence[int], device: int = 0, stream: int = 0) -> None:
        """As `CudaKernel` does, but when it returns all is done."""
        call = (ctypes.c_int64 * len(words))(*words)
        for function, blocks in launches:
            self.library[f"launch_{function}"](call, ctypes.c_uint(blocks))


def emulated(
    subject: str | Unit, storage: Format, folder: Path, *, wide: bool = False, short_rows: bool = False
) -> Emulated:
    """An activation, or the one of this name in the catalogue."""
    unit, compiler = catalogue(subject) if isinstance(subject, str) else subject, find_compiler()
    assert compiler is not None
    name = unit.activation.name
    header = BACKEND.files(unit)[f"{name}_kernel.h"]
    source = Source(header, name, storage, wide, short_rows, cuda=True)
    place = folder / f"{name}-{storage}-{wide}-{short_rows}"
    file, output = place.with_suffix(".cpp"), place.with_suffix(".so")
    if not output.exists():
        file.write_text(f'#include "{_HEADER}"\n{source.text()}{_LAUNCHES}', encoding="utf-8")
        options = ("-std=c++20", "-O1", "-pthread", "-Wno-unknown-pragmas")
        compiler.build(file, output, source.include, options)
    return Emulated(ctypes.CDLL(str(output)), unit, storage)


def misaligned(array: npt.NDArray[Any], by: int) -> npt.NDArray[Any]:
    """A copy that lies so many numbers beyond a multiple of 16 bytes."""
    room = np.empty(array.size + 64, array.dtype)
    start = -room.ctypes.data % 16 // array.itemsize + by
    copy = room[start : start + array.size].reshape(array.shape)
    copy[...] = array
    return copy


def _addresses(arrays: Sequence[npt.NDArray[Any]]) -> list[int]:
    return [array.ctypes.data for array in arrays]
