"""Activations as compiled kernels over numpy arrays."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
from spec_units import catalogue

from actgen.backends.base import Unit
from actgen.backends.kernel import BACKEND
from actgen.native.runtime import passes
from actgen.native.runtime.cache import Cache
from actgen.native.runtime.compiler import find_compiler
from actgen.native.runtime.library import Format, Kernel, Parameter, Shape, Source, Threads, load

DTYPES: dict[Format, Any] = {
    "float64": np.float64,
    "float32": np.float32,
    "bfloat16": ml_dtypes.bfloat16,
    "float16": np.float16,
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """A kernel and the dtype of its arrays."""

    kernel: Kernel
    unit: Unit
    dtype: Any

    @property
    def _arity(self) -> passes.Arity:
        return passes.Arity(len(self.unit.activation.inputs), len(self.unit.activation.outputs))

    def forward(self, shape: Shape, inputs: Sequence[npt.NDArray[Any]], parameters: Sequence[Any], threads: int = 1):
        """The outputs."""
        results = [np.full_like(inputs[0], 7) for _ in self.unit.activation.outputs]
        held = [np.atleast_1d(np.asarray(p, np.float64)) for p in parameters]
        asked = passes.forward(self.kernel, shape, self._arity, _spread(held))
        asked.run(in_threads(threads), _addresses([*inputs, *held, *results]))
        return results

    def backward(
        self,
        shape: Shape,
        inputs: Sequence[npt.NDArray[Any]],
        cotangents: Sequence[npt.NDArray[Any]],
        parameters: Sequence[Any],
        threads: int = 1,
        summed: bool = True,
    ):
        """The cotangents of the inputs, and of the parameters."""
        results = [np.full_like(x, 7) for x in inputs]
        held = [np.atleast_1d(np.asarray(p, np.float64)) for p in parameters]
        sums = [np.zeros_like(p) for p in held]
        to = _addresses(sums) if summed else [0] * len(sums)
        asked = passes.backward(self.kernel, shape, self._arity, _spread(held))
        asked.run(in_threads(threads), [*_addresses([*inputs, *held, *cotangents, *results]), *to])
        return results, sums

    def elements(self, inputs: Sequence[npt.NDArray[Any]], parameters: Sequence[Any]):
        """The outputs, and every partial derivative, of each element."""
        outputs = self.unit.activation.outputs
        results = [np.full_like(inputs[0], 7) for _ in outputs]
        partials = [np.full_like(inputs[0], 7) for _ in outputs for _ in self.unit.activation.variables]
        held = [np.atleast_1d(np.asarray(p, np.float64)) for p in parameters]
        given = [Parameter(p.ctypes.data, "float64", p.size > 1) for p in held]
        self.kernel.elements(inputs[0].size, _addresses(inputs), given, _addresses(results), _addresses(partials))
        return results, partials


def compiled(
    name: str,
    storage: Format,
    cache: Path,
    *,
    wide: bool = False,
    short_rows: bool = False,
    elements: bool = False,
    edited: tuple[str, str] = ("", ""),
) -> Compiled:
    """The activation of the catalogue as a kernel, with a text of its header replaced by another."""
    unit, compiler = catalogue(name), find_compiler()
    assert compiler is not None
    header = BACKEND.files(unit)[f"{name}_kernel.h"]
    assert edited[0] in header
    header = header.replace(*edited) if edited[0] else header
    source = Source(header, name, storage, wide, short_rows, elements)
    return Compiled(load(source, compiler, Cache(cache)), unit, DTYPES[storage])


def in_threads(count: int) -> Threads:
    """So many threads of the OpenMP runtime."""
    if count == 1:
        return Threads()
    runtime = ctypes.CDLL("libgomp.so.1")
    return Threads(ctypes.cast(runtime.GOMP_parallel, ctypes.c_void_p).value or 0, count)


def _spread(parameters: Sequence[npt.NDArray[Any]]) -> list[Parameter]:
    return [Parameter(0, "float64", p.size > 1) for p in parameters]


def _addresses(arrays: Sequence[npt.NDArray[Any]]) -> list[int]:
    return [array.ctypes.data for array in arrays]
