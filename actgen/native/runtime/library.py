"""A fused kernel: an activation's element header compiled for one format, called with addresses."""

from __future__ import annotations

import ctypes
import functools
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .cache import Cache, key_of
from .compiler import FLAGS, Compiler

ABI = 1
"""Changes with the meaning of a call."""

RUNTIME = Path(__file__).parent

SHORTEST_ROW = 32
"""Elements of one channel that lie side by side; below it a loop over them is not worth its start."""

Format = Literal["float64", "float32", "bfloat16", "float16"]

_STORAGE: dict[Format, str] = {
    "float64": "double",
    "float32": "float",
    "bfloat16": "actgen::Bfloat16",
    "float16": "actgen::Float16",
}


@dataclass(frozen=True, slots=True)
class Source:
    """What is compiled.

    The text of an element header and the name of its struct; the format of arrays; whether float64 is computed in
    whatever that is; whether it is for arrays with short rows; or for single elements, `Kernel.elements`.
    """

    header: str
    struct: str
    storage: Format
    wide: bool = False
    short_rows: bool = False
    elements: bool = False

    def text(self) -> str:
        """The one C++ file, which includes files of the runtime alone."""
        compute = "double" if self.wide or self.storage == "float64" else "float"
        return (
            f"{self.header}\n"
            f"#define ACTGEN_ELEMENT actgen_kernels::{self.struct}\n"
            f"#define ACTGEN_STORAGE {_STORAGE[self.storage]}\n"
            f"#define ACTGEN_COMPUTE {compute}\n"
            f'#include "cpu_{"elements" if self.elements else "periods" if self.short_rows else "rows"}.h"\n'
        )


class _Call(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_long) for name in ("outer", "channels", "inner")),
        *(
            (name, ctypes.c_void_p)
            for name in (
                "inputs",
                "cotangents",
                "results",
                "parameters",
                "per_channel",
                "parameter_gradients",
                "parallel",
            )
        ),
        ("threads", ctypes.c_uint),
    )


class _Elements(ctypes.Structure):
    _fields_ = (
        ("count", ctypes.c_long),
        *((name, ctypes.c_void_p) for name in ("inputs", "parameters", "per_element", "outputs", "partials")),
    )


@dataclass(frozen=True, slots=True)
class Shape:
    """Arrays of outer × channels × inner numbers, dense; channels is 1 where every parameter has one value."""

    outer: int
    channels: int
    inner: int

    @property
    def short_rows(self) -> bool:
        """Whether a loop should rather run over all channels than over one."""
        return self.channels > 1 and self.inner < SHORTEST_ROW


@dataclass(frozen=True, slots=True)
class Array:
    """Float64 numbers at an address: one, or one for each channel."""

    address: int
    count: int


@dataclass(frozen=True, slots=True)
class Threads:
    """Who runs a pass: the address of OpenMP's `GOMP_parallel`, or 0 for the caller alone; how many threads."""

    parallel: int = 0
    count: int = 1


@dataclass(frozen=True, slots=True)
class Kernel:
    """A compiled activation.

    Addresses are those of arrays in its format; parameters are float64, one or one a channel.
    """

    handle: ctypes.CDLL

    def forward(
        self, shape: Shape, inputs: Sequence[int], results: Sequence[int], parameters: Sequence[Array], threads: Threads
    ) -> None:
        """Writes the outputs.

        Raises:
            MemoryError: if there is none for what parameters are spread over.
        """
        self._run("actgen_forward", shape, (inputs, (), results), parameters, None, threads)

    def backward(
        self,
        shape: Shape,
        inputs: Sequence[int],
        cotangents: Sequence[int],
        results: Sequence[int],
        parameters: Sequence[Array],
        gradients: Sequence[Array] | None,
        threads: Threads,
    ) -> None:
        """Writes the cotangents of the inputs, and adds those of the parameters to `gradients`, if it is given.

        Raises:
            MemoryError: if there is none for partial sums.
        """
        self._run("actgen_backward", shape, (inputs, cotangents, results), parameters, gradients, threads)

    def elements(
        self,
        count: int,
        inputs: Sequence[int],
        parameters: Sequence[Array],
        outputs: Sequence[int] | None = None,
        partials: Sequence[int] | None = None,
    ) -> None:
        """Writes results of every element; only for a library whose source says `elements`.

        Args:
            count: how many elements there are.
            inputs: addresses of so many numbers each.
            parameters: each of one value, or of one for each element.
            outputs: where the outputs go; None if they are not asked for.
            partials: likewise the derivatives, of each output by each input and then each parameter.
        """
        given = _addresses(inputs), _addresses([p.address for p in parameters])
        varying = (ctypes.c_int * max(1, len(parameters)))(*(p.count > 1 for p in parameters))
        wanted = tuple(None if part is None else _addresses(part) for part in (outputs, partials))
        call = _Elements(
            count,
            *(ctypes.cast(part, ctypes.c_void_p) for part in (*given, varying)),
            *(None if part is None else ctypes.cast(part, ctypes.c_void_p) for part in wanted),
        )
        self.handle.actgen_elements(ctypes.byref(call))

    def _run(
        self,
        function: str,
        shape: Shape,
        arrays: tuple[Sequence[int], Sequence[int], Sequence[int]],
        parameters: Sequence[Array],
        gradients: Sequence[Array] | None,
        threads: Threads,
    ) -> None:
        inputs, cotangents, results = (_addresses(part) for part in arrays)
        values = _addresses([p.address for p in parameters])
        varying = (ctypes.c_int * max(1, len(parameters)))(*(p.count > 1 for p in parameters))
        sums = None if gradients is None else _addresses([g.address for g in gradients])
        call = _Call(
            shape.outer,
            shape.channels,
            shape.inner,
            *(ctypes.cast(part, ctypes.c_void_p) for part in (inputs, cotangents, results, values, varying)),
            None if sums is None else ctypes.cast(sums, ctypes.c_void_p),
            threads.parallel or None,
            threads.count,
        )
        if getattr(self.handle, function)(ctypes.byref(call)):
            raise MemoryError


def _addresses(values: Sequence[int]) -> ctypes.Array[ctypes.c_void_p]:
    return (ctypes.c_void_p * max(1, len(values)))(*values)


def load(source: Source, compiler: Compiler, cache: Cache) -> Kernel:
    """The kernel of a source, compiled if the cache does not have it.

    Raises:
        CompilationError: the compiler failed.
        OSError: the library can neither be written nor loaded.
    """
    text = source.text()
    key = key_of(str(ABI), text, runtime_text(), compiler.version, *compiler.command, *FLAGS, processor())

    def build(output: Path) -> None:
        file = output.with_suffix(".cpp")
        file.write_text(text, encoding="utf-8")
        compiler.build(file, output, (RUNTIME, RUNTIME / "math"))

    return Kernel(cache.library(key, build, lambda path: ctypes.CDLL(str(path))))


@functools.cache
def runtime_text() -> str:
    """Every header that a kernel is compiled with."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(RUNTIME.rglob("*.h")))


@functools.cache
def processor() -> str:
    """What instructions this machine has, since a library is compiled for them."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            facts = {
                line.split(":")[0].strip(): line
                for line in file
                if line.startswith(("flags", "Features", "model name"))
            }
    except OSError:
        facts = {}
    return "".join((platform.machine(), platform.processor(), *facts.values()))
