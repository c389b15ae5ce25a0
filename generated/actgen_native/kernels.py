"""An activation's kernels: one for each format and way through an array, compiled when it is first asked for."""

from __future__ import annotations

import functools
import hashlib
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .cache import user_cache
from .compiler import CompilationError, find_compiler
from .library import Format, Kernel, Source, load
from .settings import is_enabled, precision

if TYPE_CHECKING:
    from .cuda_compiler import CudaKernel

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, eq=False)
class Kernels:
    """What an element header gives, compiled on demand.

    Attributes:
        name: of the activation, and of the header's struct.
        header: the header's text.
    """

    name: str
    header: str = field(repr=False)
    _made: dict[tuple[object, ...], Any] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def identity(self) -> str:
        """A name that no other activation has, nor another version of this one."""
        return f"{self.name}_{hashlib.sha256(self.header.encode()).hexdigest()[:12]}"

    def kernel(
        self, storage: Format, short_rows: bool, wide: bool | None = None, xla: Path | None = None
    ) -> Kernel | None:
        """The kernel for arrays of a format; None if it cannot be made, which is said once.

        Args:
            storage: the format.
            short_rows: whether rows are, see `Shape`.
            wide: whether to compute float64; by default what `precision` says.
            xla: the folder of XLA's headers, for a kernel that it calls.
        """
        widely = precision() == "exact" if wide is None else wide
        return self._once(self._compiled, storage, short_rows, widely, xla)

    def on_gpu(self, storage: Format, short_rows: bool, wide: bool, arch: str) -> CudaKernel | None:
        """The kernel for arrays on a GPU; None if it cannot be made, which is said once.

        Args:
            storage: the format.
            short_rows: whether rows are, see `Shape`.
            wide: whether to compute float64.
            arch: of the GPU, such as "sm_90".
        """
        return self._once(self._compiled_for_gpu, storage, short_rows, wide, arch)

    def _once(self, make: Callable[..., Made], *key: object) -> Made:
        try:
            return self._made[key]
        except KeyError:
            with self._lock:
                if key not in self._made:
                    self._made[key] = make(*key)
                return self._made[key]

    def _compiled(self, storage: Format, short_rows: bool, wide: bool, xla: Path | None) -> Kernel | None:
        compiler = find_compiler()
        if compiler is None:
            _say_once(
                "no C++ compiler was found (the command in CXX, c++, g++ or clang++): activations run unfused, as "
                "operations of the framework. They are as right, and slower. ACTGEN_NATIVE=0 says that this is wanted."
            )
            return None
        try:
            source = Source(self.header, self.name, storage, wide, short_rows, xla=xla)
            return load(source, compiler, user_cache())
        except (CompilationError, OSError) as error:
            _say_once(f"{self.name} runs unfused, as operations of the framework: its kernel was not made. {error}")
            return None

    def _compiled_for_gpu(self, storage: Format, short_rows: bool, wide: bool, arch: str) -> CudaKernel | None:
        try:
            from .cuda_compiler import load as load_on_gpu
        except ImportError as error:
            _say_once(
                f"activations run unfused on the GPU, as operations of the framework, as right and slower: {error}. "
                "`pip install cuda-core cuda-bindings` is what they need. ACTGEN_NATIVE=0 says that this is wanted."
            )
            return None
        try:
            source = Source(self.header, self.name, storage, wide, short_rows, cuda=True)
            return load_on_gpu(source, arch, user_cache())
        except (CompilationError, OSError) as error:
            _say_once(f"{self.name} runs unfused on the GPU: its kernel was not made. {error}")
            return None


@functools.cache
def _say_once(message: str) -> None:
    warnings.warn(message, RuntimeWarning, stacklevel=2)


@functools.cache
def beside(file: str, name: str) -> Kernels | None:
    """The kernels of the header that lies beside a generated file; None without one, or where none is wanted."""
    if not is_enabled():
        return None
    try:
        header = Path(file).with_name(f"{name}_kernel.h").read_text(encoding="utf-8")
    except OSError:
        return None
    return Kernels(name, header)
