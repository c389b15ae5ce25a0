"""What files compute where a device has no float64: held against the oracle for a sample of activations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
from catalogue_folders import SPECS

from actgen.formats import FORMATS
from actgen.pipeline.requiring import read_resolved
from actgen.verify.oracle import Oracle
from actgen.verify.patterns import binades, to_format
from actgen.verify.ulp import errors

SAMPLE = ("elu", "gelu", "mish", "silu", "softplus", "softsign", "swish", "tanh")
_SANE = 2.0**11
"""In ulps. No digits are promised in float32 (GELU loses 7 bits at -12); beyond this it is another function."""


@cache
def points() -> np.ndarray:
    """Float32 numbers of every size that a float32 processor keeps, and a range in which nothing has vanished yet."""
    spread = binades("float32", 3, 2)
    spread = spread[np.abs(spread) >= FORMATS["float32"].tiny]
    return np.concatenate([spread, to_format(np.linspace(-12, 12, 241), "float32")])


def complaint(name: str, compute: Callable[[np.ndarray], Mapping[str, np.ndarray]], *, flushes: bool) -> str:
    """Empty if no result is of a wrong kind or beyond the limit.

    Args:
        name: of the activation.
        compute: from inputs to the value, as `y`, and the derivative, as `x`.
        flushes: whether subnormal results may be 0.
    """
    activation, _ = read_resolved(SPECS / f"{name}.yaml")
    assert activation is not None
    table = Oracle(activation).table(activation.outputs[0].name, (None, "x"), {"x": points()})
    for of, values in compute(points()).items():
        truth = table[None if of == "y" else of]
        found = errors(values, truth.hi, truth.lo, FORMATS["float32"], flush=flushes)
        kinds = found.nan | found.infinite | found.finite | found.zeroed | found.sign
        worst = int(np.argmax(np.where(kinds, np.inf, found.ulps)))
        if kinds[worst] or not found.ulps[worst] <= _SANE:
            got = f"{values[worst]!r}, not {truth.hi[worst]!r} ({found.ulps[worst]:.3g} ulp)"
            return f"{name}, {of} at {points()[worst]!r}: {got}"
    return ""
