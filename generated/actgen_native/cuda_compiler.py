"""NVIDIA's compiler at run time, NVRTC, by way of cuda-core: an element header as kernels for a GPU."""

from __future__ import annotations

import ctypes
import functools
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cuda.bindings import driver, nvrtc
from cuda.core import Device, ObjectCode, Program, ProgramOptions

from .cache import Cache, key_of
from .compiler import CompilationError
from .cuda_grids import THREADS
from .cuda_passes import Launch
from .library import ABI, RUNTIME, Source

KERNELS = ("actgen_forward", "actgen_backward", "actgen_backward_sums", "actgen_gradients")
"""The functions of a compiled source."""

_FLAGS: dict[str, Any] = {
    "std": "c++17",
    "fma": False,  # fused multiply-adds are written, not found
    "define_macro": ("__builtin_memcpy", "memcpy"),  # the one builtin of the headers that NVRTC has under another name
}
_INCLUDE = [str(RUNTIME), str(RUNTIME / "math")]


def compiled(source: Source, arch: str, cache: Cache) -> bytes:
    """The cubin of a source, compiled if the cache does not have it.

    Args:
        source: for CUDA.
        arch: such as "sm_90".
        cache: where it is kept.

    Raises:
        CompilationError: NVRTC is missing, or did not compile it.
        OSError: it can nowhere be written.
    """
    text = source.text()
    key = key_of("cuda", str(ABI), text, cuda_text(), _version(), arch, str(_FLAGS))
    return cache.library(key, lambda place: _write(text, arch, place), Path.read_bytes, suffix=".cubin")


def compile_now(text: str, arch: str, **options: Any) -> bytes:
    """A text as a cubin, whatever the cache has.

    Args:
        text: of C++.
        arch: such as "sm_90".
        options: further `ProgramOptions` of cuda-core; `logs` for what the compiler says.

    Raises:
        CompilationError: NVRTC is missing, or did not compile it.
    """
    logs = options.pop("logs", None)
    try:
        chosen = ProgramOptions(arch=arch, include_path=_INCLUDE, **_FLAGS, **options)
        return bytes(Program(text, code_type="c++", options=chosen).compile("cubin", logs=logs).code)
    except Exception as error:  # of a class for each of NVIDIA's libraries, or another where one is missing
        raise CompilationError(str(error)) from error


def _write(text: str, arch: str, place: Path) -> None:
    place.write_bytes(compile_now(text, arch))


@functools.cache
def cuda_text() -> str:
    """Every header that a kernel for a GPU is compiled with."""
    files = (path for path in RUNTIME.rglob("*.*h") if not path.name.startswith("cpu_"))
    return "".join(path.read_text(encoding="utf-8") for path in sorted(files))


def _version() -> str:
    try:
        return ".".join(map(str, nvrtc.nvrtcVersion()[1:]))
    except Exception as error:  # likewise
        raise CompilationError(str(error)) from error


@dataclass(frozen=True, slots=True, eq=False)
class CudaKernel:
    """A compiled activation on GPUs of one architecture.

    Attributes:
        code: keeps the functions loaded.
        functions: by name; each is loaded on a device when it is first launched there.
    """

    code: ObjectCode = field(repr=False)
    functions: dict[str, int] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def launch(self, launches: Sequence[Launch], words: Sequence[int], device: int, stream: int) -> None:
        """Puts functions into a stream of the current device, one after the other; it waits for nothing.

        Args:
            launches: of functions among `KERNELS`, each in at least one block.
            words: a `Call` of cuda_driver.cuh.
            device: the index of the current device.
            stream: the handle of a CUDA stream of it.

        Raises:
            RuntimeError: the driver refused one.
        """
        call = (ctypes.c_int64 * (len(words) + 4))(*words)  # an array of no parameters has room for one
        pointers = (ctypes.c_void_p * 1)(ctypes.addressof(call))
        for name, blocks in launches:
            given = blocks, 1, 1, THREADS, 1, 1, 0, stream, ctypes.addressof(pointers), 0
            (error,) = driver.cuLaunchKernel(self._function(name), *given)
            if error == driver.CUresult.CUDA_ERROR_INVALID_CONTEXT:
                # A thread of autograd's that has called nothing but PyTorch's allocator, which had room, has none yet.
                Device(device).set_current()
                (error,) = driver.cuLaunchKernel(self._function(name), *given)
            if error:
                raise RuntimeError(f"{name}: {error.name}")

    def _function(self, name: str) -> int:
        try:
            return self.functions[name]
        except KeyError:
            with self._lock:
                return self.functions.setdefault(name, int(self.code.get_kernel(name).handle))


def load(source: Source, arch: str, cache: Cache) -> CudaKernel:
    """The kernels of a source; see `compiled`."""
    return CudaKernel(ObjectCode.from_cubin(compiled(source, arch, cache)))
