"""A kernel's element functions over columns of numbers, in this process: they touch nothing but the arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from actgen.activation import Activation
from actgen.formats import Array
from actgen.native.runtime.cache import Cache
from actgen.native.runtime.compiler import Compiler
from actgen.native.runtime.library import Format, Kernel, Parameter, Source, load

Precision: TypeAlias = Literal["float64", "float32", "bfloat16", "float16", "exact"]
"""A format of arrays; `exact` is float32 that is computed in float64 throughout."""

PRECISIONS: Mapping[Precision, Format] = {
    "float64": "float64",
    "float32": "float32",
    "exact": "float32",
    "bfloat16": "bfloat16",
    "float16": "float16",
}
"""Every precision, and the format of its arrays."""

_BLOCK = 1 << 18
_DTYPES: Mapping[Format, Any] = {"float64": np.float64, "float32": np.float32, "float16": np.float16}


@dataclass(frozen=True, slots=True)
class Header:
    """An element header's text, and the name of its struct."""

    text: str
    struct: str


@dataclass(frozen=True, slots=True)
class Elements:
    """An activation's compiled element functions in one precision."""

    activation: Activation
    kernel: Kernel
    storage: Format

    def results(self, columns: Mapping[str, Array]) -> tuple[Array, Array]:
        """The outputs, (outputs, points), and their partials, (outputs, variables, points).

        Args:
            columns: a column for each variable, of numbers of the format.
        """
        rows = [columns[v.name] for v in self.activation.variables]
        size, outputs, variables = len(rows[0]), len(self.activation.outputs), len(rows)
        values, partials = np.empty((outputs, size)), np.empty((outputs * variables, size))
        for start in range(0, size, _BLOCK):
            part = slice(start, start + _BLOCK)
            self._block([row[part] for row in rows], values[:, part], partials[:, part])
        return values, partials.reshape(outputs, variables, size)

    def _block(self, rows: list[Array], values: Array, partials: Array) -> None:
        count, inputs = len(rows[0]), len(self.activation.inputs)
        given = [_stored(row, self.storage) for row in rows[:inputs]]
        held = [np.ascontiguousarray(row) for row in rows[inputs:]]
        results = [np.empty_like(given[0]) for _ in range(len(values) + len(partials))]
        addresses = [r.ctypes.data for r in results]
        self.kernel.elements(
            count,
            [g.ctypes.data for g in given],
            [Parameter(h.ctypes.data, "float64", per_channel=True) for h in held],
            addresses[: len(values)],
            addresses[len(values) :],
        )
        for to, result in zip((*values, *partials), results, strict=True):
            to[:] = _loaded(result, self.storage)


def elements(
    activation: Activation, header: Header, precision: Precision, compiler: Compiler, cache: Cache
) -> Elements:
    """Compiles, or finds in the cache.

    Raises:
        CompilationError: the compiler failed.
        OSError: the library can neither be written nor loaded.
    """
    storage = PRECISIONS[precision]
    source = Source(header.text, header.struct, storage, wide=precision == "exact", elements=True)
    return Elements(activation, load(source, compiler, cache), storage)


def _stored(values: Array, storage: Format) -> npt.NDArray[Any]:
    """The numbers as they lie in memory; bfloat16 as bits, for numpy does not know it."""
    if storage == "bfloat16":
        return (values.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
    return np.ascontiguousarray(values, dtype=_DTYPES[storage])


def _loaded(stored: npt.NDArray[Any], storage: Format) -> Array:
    if storage == "bfloat16":
        stored = (stored.astype(np.uint32) << 16).view(np.float32)
    with np.errstate(invalid="ignore"):
        return stored.astype(np.float64)
