"""The math header of `actgen/native/runtime` as a library, its exact functions, and errors in ulp."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from flint import arb, ctx  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]

from actgen.native.runtime.compiler import Compiler
from actgen.program.precision.functions import WORST, places

ROOT = Path(__file__).parent.parent
HEADERS = ROOT / "actgen" / "native" / "runtime" / "math"
ROWS = ROOT / "actgen" / "program" / "precision" / "functions.py"
SOURCE = ROOT / "tests" / "native" / "functions.cpp"

Array = npt.NDArray[np.float32] | npt.NDArray[np.float64]


def _cube_root(x: arb) -> arb:
    root = abs(x) ** (arb(1) / 3)
    return root if x > 0 else -root


EXACT: dict[str, Callable[[arb], arb]] = {
    "exp": arb.exp,
    "expm1": arb.expm1,
    "log": arb.log,
    "log2": lambda x: x.log() / arb(2).log(),
    "log1p": arb.log1p,
    "sigmoid": lambda x: 1 / (1 + (-x).exp()),
    "softplus": lambda x: x.exp().log1p(),
    "logsigmoid": lambda x: -(-x).exp().log1p(),
    "tanh": arb.tanh,
    "sinh": arb.sinh,
    "cosh": arb.cosh,
    "sech": arb.sech,
    "asinh": arb.asinh,
    "acosh": arb.acosh,
    "atanh": arb.atanh,
    "sin": arb.sin,
    "cos": arb.cos,
    "tan": arb.tan,
    "sinpi": arb.sin_pi,
    "cospi": arb.cos_pi,
    "atan": arb.atan,
    "asin": arb.asin,
    "acos": arb.acos,
    "erf": arb.erf,
    "erfc": arb.erfc,
    "cbrt": _cube_root,
}
"""Functions of one argument; 0 is asked of none of them."""

_RANGED = "exp expm1 log log1p sigmoid softplus logsigmoid sinh cosh sech erf erfc sin cos tan"
RANGED = tuple(_RANGED.split())
"""Those that leave out guards where their arguments are ordinary, angles last."""

EXACT_OF_TWO: dict[str, Callable[[arb, arb], arb]] = {
    "pow": lambda x, y: x**y,
    "atan2": arb.atan2,
    "hypot": lambda x, y: (x * x + y * y).sqrt(),
    "logaddexp": lambda x, y: (x.exp() + y.exp()).log(),
}


@dataclass(frozen=True, slots=True)
class Library:
    """The compiled functions."""

    handle: ctypes.CDLL

    def __call__(self, name: str, *arguments: Array) -> Array:
        """The function `name` of the math header, in the format of the arguments."""
        result = np.empty_like(arguments[0])
        suffix = "f32" if result.dtype == np.float32 else "f64"
        pointers = [ctypes.c_void_p(array.ctypes.data) for array in (*arguments, result)]
        getattr(self.handle, f"{name}_{suffix}")(*pointers, ctypes.c_long(len(result)))
        return result

    def worst(self, name: str, first: int, count: int) -> tuple[float, float]:
        """The worst error in ulp of the float function, against the double one, and where it is.

        Over the `count` floats whose bits are `first` and what follows it.
        """
        function = getattr(self.handle, f"worst_{name}")
        function.restype = ctypes.c_double
        where = ctypes.c_float()
        worst = function(ctypes.c_uint(first), ctypes.c_long(count), ctypes.byref(where))
        return float(worst), float(where.value)

    def apart(
        self, name: str, dtype: type[np.floating], count: int, first: int = 0, step: int | None = None
    ) -> tuple[int, int]:
        """How many of `count` bit patterns are ordinary, and at how many of these bits differ.

        They are `first` and what follows it in steps, which are by default so large that all are gone through.
        """
        bits = 32 if dtype == np.float32 else 64
        found = (ctypes.c_long * 2)()
        function = getattr(self.handle, f"apart_{name}_f{bits}")
        wide = (1 << bits) // count | 1 if step is None else step
        function(ctypes.c_ulonglong(first), ctypes.c_ulonglong(wide), ctypes.c_long(count), found)
        return found[0], found[1]


def built(compiler: Compiler, folder: Path, extra: Sequence[str] = ()) -> Library:
    """The functions compiled into `folder`, with `extra` flags after the usual ones."""
    library = folder / "functions.so"
    compiler.build(SOURCE, library, (HEADERS,), extra)
    return Library(ctypes.CDLL(str(library)))


def error_in_ulp(value: float, truth: arb, dtype: type[np.floating]) -> float:
    """|value - truth| in units in the last place of the truth, subnormal numbers counted in theirs."""
    facts = np.finfo(dtype)
    mantissa, exponent = (int(part) for part in truth.mid().man_exp())
    top = exponent + abs(mantissa).bit_length()
    if top > facts.maxexp or not np.isfinite(value):
        return 0.0 if top > facts.maxexp and np.isinf(value) else float("inf")
    ulp = max(top - facts.nmant - 1, int(facts.minexp) - facts.nmant)
    return abs(float(((arb(value) - truth) * arb(2) ** -ulp).mid()))


def sampled(dtype: type[np.floating], count: int, seed: int) -> Array:
    """Half of them any bit patterns that are finite, half of moderate size."""
    rng = np.random.default_rng(seed)
    whole = np.uint32 if dtype == np.float32 else np.uint64
    anywhere = rng.integers(0, np.iinfo(whole).max, count // 2, dtype=whole).view(dtype)
    near = (rng.standard_normal(count - count // 2) * np.exp(rng.uniform(-3, 4, count - count // 2))).astype(dtype)
    values = np.concatenate([anywhere, near])
    return values[np.isfinite(values) & (values != 0)]


def worst_against_exact(
    library: Library, name: str, dtype: type[np.floating], count: int, seed: int = 1
) -> tuple[float, float]:
    """The worst error in ulp at a sample, by ball arithmetic, and where it is; outside the domain none is counted."""
    inputs = sampled(dtype, count, seed)
    values = library(name, inputs)
    worst, where = 0.0, 0.0
    for x, value in zip(inputs.tolist(), values.tolist(), strict=True):
        with ctx.workprec(200 if 1e-30 < abs(x) < 1e30 else 2600):
            truth = EXACT[name](arb(x))
            if not truth.is_finite():
                assert not np.isfinite(value), (name, x, value)
                continue
            error = error_in_ulp(value, truth, dtype)
        if error > worst:
            worst, where = error, x
    return worst, where


_NOT_OF_PAIRS = "(?!(?:Range<F, REACH>& range, )?Pair)"
_STATED = r"// Worst error in ulp: ([\d.]+) in float, all inputs; ([\d.]+) in double, a sample\.\n"


def stated() -> dict[str, tuple[float, float]]:
    """What the headers state of each function: the worst error in float and in double."""
    pattern = re.compile(_STATED + rf"template <[^>]*>\nACTGEN_INLINE T (\w+)\({_NOT_OF_PAIRS}")
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(HEADERS.glob("*.h")))
    return {name: (float(single), float(double)) for single, double, name in pattern.findall(text)}


HALF = 1 << 22
"""So many floats are half of a binade."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a function is wrong by: in float and in double, and where, and its row of `functions.py`."""

    single: tuple[float, float]
    double: tuple[float, float]
    row: str


def row(halves: Sequence[float]) -> str:
    """The worst errors of all halves of binades, in the order of their bits, as a row of `functions.py`."""
    starts = (np.arange(len(halves), dtype=np.uint32) * np.uint32(HALF) + np.uint32(1)).view(np.float32)
    size = WORST["exp"].size
    found = np.full(size, 0.5)
    finite = np.isfinite(starts)
    row_places = np.clip(places(starts[finite].astype(np.float64)), 0, size - 1)
    np.maximum.at(found, row_places, np.asarray(halves)[finite])
    return " ".join(str(math.ceil(round(100 * round(error, 3), 6))) for error in found.tolist())


def restated_rows(text: str, rows: Mapping[str, str]) -> str:
    """`functions.py` with other rows."""
    for name, new in rows.items():
        text = re.sub(rf'^(    "{name}": ")[0-9 ]+(",)$', rf"\g<1>{new}\g<2>", text, flags=re.MULTILINE)
    return text


def restated(text: str, figures: dict[str, tuple[float, float]]) -> str:
    """A header with the figures written above the functions that have them."""
    text = re.sub(_STATED, "", text)
    for name, (single, double) in figures.items():
        line = f"// Worst error in ulp: {single:.3f} in float, all inputs; {double:.3f} in double, a sample.\n"
        text = re.sub(
            rf"(template <[^>]*>\nACTGEN_INLINE T {name}\({_NOT_OF_PAIRS})",
            lambda found, line=line: line + found[1],
            text,
        )
    return text
