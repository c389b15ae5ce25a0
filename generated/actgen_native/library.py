"""A fused kernel: an activation's element header compiled for one format, called with addresses."""

from __future__ import annotations

import ctypes
import functools
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from .cache import Cache, key_of
from .compiler import Compiler

ABI = 2
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


STORAGES: tuple[Format, ...] = tuple(_STORAGE)

_NUMBERS = {name: number for number, name in enumerate(_STORAGE)}


@dataclass(frozen=True, slots=True)
class Source:
    """What is compiled.

    The text of an element header and the name of its struct; the format of arrays; whether float64 is computed in
    whatever that is; whether it is for arrays with short rows; or for single elements, `Kernel.elements`; the folder of
    XLA's headers, if it is to be called by XLA; whether it is for a GPU.
    """

    header: str
    struct: str
    storage: Format
    wide: bool = False
    short_rows: bool = False
    elements: bool = False
    xla: Path | None = None
    cuda: bool = False

    @property
    def include(self) -> tuple[Path, ...]:
        """The folders of headers."""
        return (RUNTIME, RUNTIME / "math", *([self.xla] if self.xla else []))

    def text(self) -> str:
        """The one C++ file, which includes files of the runtime alone."""
        macros = "".join(f"#define {name} {value}\n" for name, value in self.macros())
        binding = '#include "bindings/xla_ffi.h"\n' if self.xla else ""
        return f'{self.header}\n{macros}#include "{self.driver}"\n{binding}'

    def macros(self) -> list[tuple[str, str]]:
        """What a driver is told of the header."""
        compute = "double" if self.wide or self.storage == "float64" else "float"
        told = [
            ("ACTGEN_ELEMENT", f"actgen_kernels::{self.struct}"),
            ("ACTGEN_STORAGE", _STORAGE[self.storage]),
            ("ACTGEN_COMPUTE", compute),
        ]
        return [*told, ("ACTGEN_LINES", str(self.header.count("\n")))] if self.cuda else told

    @property
    def driver(self) -> str:
        """The header that goes through arrays."""
        if self.cuda:
            return f"cuda_{'columns' if self.short_rows else 'rows'}.cuh"
        return f"cpu_{'elements' if self.elements else 'periods' if self.short_rows else 'rows'}.h"


def bytes_of(storage: Format) -> int:
    """Of a number in memory."""
    return {"float64": 8, "float32": 4}.get(storage, 2)


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


class Parameter(NamedTuple):
    """Numbers of a format at an address, one or one for each channel; where their gradient goes, 0 for nowhere."""

    address: int
    numbers: Format
    per_channel: bool = False
    gradient: int = 0


class Threads(NamedTuple):
    """Who runs a pass: the address of OpenMP's `GOMP_parallel`, or 0 for the caller alone; how many threads."""

    parallel: int = 0
    number: int = 1


@dataclass(frozen=True, slots=True)
class Kernel:
    """A compiled activation. Addresses are those of arrays in its format. How it is called says passes.py.

    Attributes:
        handle: the library.
        key: a name for all that it was made of.
    """

    handle: ctypes.CDLL
    key: str

    def elements(
        self,
        count: int,
        inputs: Sequence[int],
        parameters: Sequence[Parameter],
        outputs: Sequence[int],
        partials: Sequence[int],
    ) -> None:
        """Writes results of every element; only for a library whose source says `elements`.

        Args:
            count: how many elements there are.
            inputs: addresses of so many numbers each.
            parameters: each of one value, or of one for each element, as for a channel.
            outputs: where they go; all 0 if they are not asked for.
            partials: likewise the derivatives, of each output by each input and then each parameter.

        Raises:
            ArithmeticError: if the variants of the kernel with guards and without do not agree to the last bit.
        """
        words = [count, *inputs, *outputs, *partials, *words_of(parameters)]
        if self.handle.actgen_elements((ctypes.c_int64 * len(words))(*words)):
            raise ArithmeticError("without guards the kernel has other bits")


def words_of(parameters: Sequence[Parameter]) -> list[int]:
    """How a kernel is told of parameters: four words for each."""
    return [word for p in parameters for word in (p.address, p.gradient, _NUMBERS[p.numbers], int(p.per_channel))]


def load(source: Source, compiler: Compiler, cache: Cache) -> Kernel:
    """The kernel of a source, compiled if the cache does not have it.

    Raises:
        CompilationError: the compiler failed.
        OSError: the library can neither be written nor loaded.
    """
    text = source.text()
    headers = runtime_text() + (_xla_text(source.xla) if source.xla else "")
    key = key_of(str(ABI), text, headers, compiler.version, *compiler.command, *compiler.flags, processor())

    def build(output: Path) -> None:
        file = output.with_suffix(".cpp")
        file.write_text(text, encoding="utf-8")
        compiler.build(file, output, source.include)

    return Kernel(cache.library(key, build, lambda path: ctypes.CDLL(str(path))), key)


@functools.cache
def runtime_text() -> str:
    """Every header that a kernel is compiled with."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(RUNTIME.rglob("*.h")))


@functools.cache
def _xla_text(folder: Path) -> str:
    return (folder / "xla/ffi/api/c_api.h").read_text(encoding="utf-8")


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
