"""Sums over a batch: what goes in, and how far a gradient that was summed is from the exact sum."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
from catalogue_folders import SPECS
from emitted_modules import imported

from actgen.backends.base import backend
from actgen.formats import FORMATS
from actgen.pipeline.stages import compile_spec
from actgen.verify.patterns import to_format

CHANNELS = 4
ROWS = 250_000
ALLOWED = 1e-6
"""Relative to the sum of the terms' magnitudes, beside the rounding to the parameter's format."""

DTYPES = ("float32", "bfloat16", "float16")
START = 0.3125  # of every parameter; a number of every format
NAME = "prelu"
"""It computes 16-bit formats in float32; of those that compute them in float64 the sums are float64 in any case."""

Gradients = Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Batch:
    """A million inputs with their upstream gradients, as float64 numbers of a format.

    `same` are a million times the same term: added one by one to a large sum, all are rounded to the same side.
    """

    same: bool
    x: np.ndarray
    upstream: np.ndarray


def written(framework: str, folder: Path) -> ModuleType:
    """The file of PReLU, as it is printed now."""
    unit = compile_spec(SPECS / f"{NAME}.yaml").unit
    assert unit is not None
    for file, text in backend(framework).files(unit).items():
        (folder / file).write_text(text, encoding="utf-8")
    return imported(folder, f"{NAME}_{framework}", f"summed_{NAME}_{framework}")


def complaint(dtype: str, compute: Callable[[Batch], tuple[Gradients, Gradients]], parameter: str = "float32") -> str:
    """Empty if every gradient is the exact sum, for different terms and for equal ones.

    Args:
        dtype: of the inputs.
        compute: from a batch to each parameter's gradient, one number or one for each channel, and to its derivative
            for each element, computed from float64 inputs.
        parameter: the dtype of the parameters.
    """
    for same in (False, True):
        given = _batch(dtype, same=same)
        found, partials = compute(given)
        assert found
        for name, gradient in found.items():
            if text := _wrong(gradient, partials[name] * given.upstream, FORMATS[parameter].epsilon):
                return f"{name}, {'equal' if same else 'different'} terms: {text}"
    return ""


def _batch(dtype: str, *, same: bool) -> Batch:
    rng = np.random.default_rng(5)
    size = (ROWS, CHANNELS)
    x = np.full(size, -1.1) if same else -rng.uniform(0.1, 2, size)
    upstream = np.full(size, 0.1) if same else rng.uniform(0.5, 1.5, size)
    return Batch(same, to_format(x, dtype), to_format(upstream, dtype))


def _wrong(gradient: np.ndarray, terms: np.ndarray, rounding: float) -> str:
    columns = terms.T if np.size(gradient) == CHANNELS else [terms.ravel()]
    for got, column in zip(np.ravel(gradient), columns, strict=True):
        exact, size = math.fsum(column), math.fsum(np.abs(column))
        error = abs(float(got) - exact) - rounding * abs(exact)
        if not error <= ALLOWED * size:
            return f"{got!r}, not {exact!r}: {error / size:.1e} of all magnitudes"
    return ""
