"""A compiled comparison of a kernel in float32 with itself in float64, at every float of a range: see every_float.h."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from actgen.native.runtime.cache import Cache, key_of
from actgen.native.runtime.compiler import Compiler
from actgen.native.runtime.library import RUNTIME, processor, runtime_text
from actgen.verify.histogram import HISTOGRAM
from actgen.verify.kernels.calling import Header

PROGRAM = Path(__file__).with_name("every_float.h")
_GROUP = 1 << 16  # of each, the worst that is not odd is found

Bits = npt.NDArray[np.uint32]


class _Range(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_uint64) for name in ("first", "count", "group")),
        *((name, ctypes.c_void_p) for name in ("parameters", "threshold")),
        ("capacity", ctypes.c_uint64),
        *((name, ctypes.c_void_p) for name in ("histogram", "worst", "where", "odd", "list")),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What one range shows of one result, by the kernel in float64.

    Attributes:
        histogram: as of `Cell`; what has no distance is in the last place.
        worst: floats at which errors are largest among those up to the threshold, as bits, the largest first.
        odd: all at which results are beyond the threshold or of a wrong kind.
    """

    histogram: tuple[int, ...]
    worst: Bits
    odd: Bits


@dataclass(frozen=True, slots=True)
class Comparison:
    """The compiled comparison of a kernel that has so many results: outputs, then partials."""

    handle: ctypes.CDLL
    results: int

    def over(
        self, first: int, count: int, parameters: Sequence[float], thresholds: Sequence[float]
    ) -> tuple[Counted, ...]:
        """For each result, what the floats of bit patterns from `first` on show.

        Args:
            first: a bit pattern.
            count: how many; a multiple of 65,536.
            parameters: numbers of float32.
            thresholds: for each result, ulps beyond which it is odd.
        """
        assert count % _GROUP == 0
        given, limits = np.array([*parameters, 0.0]), np.array(thresholds, dtype=np.float64)
        histogram = np.zeros((self.results, len(HISTOGRAM) + 1), np.uint64)
        worst, where = np.full((self.results, count // _GROUP), -1.0), np.zeros((self.results, count // _GROUP), "u4")
        odd, listed = np.zeros(self.results, np.uint64), np.zeros((self.results, count), np.uint32)
        arrays = (histogram, worst, where, odd, listed)
        asked = _Range(
            first, count, _GROUP, given.ctypes.data, limits.ctypes.data, count, *(a.ctypes.data for a in arrays)
        )
        self.handle.actgen_check_floats(ctypes.byref(asked))
        order = np.argsort(-worst, axis=1, kind="stable")
        return tuple(
            Counted(tuple(map(int, histogram[k])), where[k, order[k]], listed[k, : int(odd[k])].copy())
            for k in range(self.results)
        )


def comparison(header: Header, results: int, compiler: Compiler, cache: Cache) -> Comparison:
    """Compiles, or finds in the cache.

    Raises:
        CompilationError: the compiler failed.
        OSError: the library can neither be written nor loaded.
    """
    text = f"{header.text}\n#define ACTGEN_ELEMENT actgen_kernels::{header.struct}\n{PROGRAM.read_text('utf-8')}"
    key = key_of(text, runtime_text(), compiler.version, *compiler.command, *compiler.flags, processor())

    def build(output: Path) -> None:
        file = output.with_suffix(".cpp")
        file.write_text(text, encoding="utf-8")
        compiler.build(file, output, (RUNTIME, RUNTIME / "math"))

    return Comparison(cache.library(key, build, lambda path: ctypes.CDLL(str(path))), results)
