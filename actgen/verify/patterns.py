"""Floating-point numbers to test with: whole formats, sweeps, and grids that reach every binade."""

from __future__ import annotations

import math

import numpy as np

from actgen.formats import FORMATS, Array, Format

STRIDE = 2039  # of the float32 sweep; prime, so that no residue of the significand is left out


def to_format(values: Array, name: str) -> Array:
    """Float64 values rounded to the nearest of a format, ties to even, overflow to ±inf."""
    values = np.asarray(values, dtype=np.float64)
    with np.errstate(all="ignore"):
        match name:
            case "float64":
                return values
            case "float32":
                return values.astype(np.float32).astype(np.float64)
            case "float16":
                return values.astype(np.float16).astype(np.float64)
        return _to_bfloat16(values)


def _to_bfloat16(values: Array) -> Array:
    form = FORMATS["bfloat16"]
    _, exponents = np.frexp(np.where(np.isfinite(values), values, 0))
    step = np.ldexp(1.0, np.maximum(exponents - 1, form.lowest) - form.bits + 1)
    rounded = np.where(np.isfinite(values), np.rint(values / step) * step, values)
    return np.where(np.abs(rounded) > form.largest, np.copysign(np.inf, rounded), rounded)


def binades(name: str, seed: int, step: int = 1) -> Array:
    """One random float in every `step`-th binade of a format, subnormal ones included, both signs."""
    form = FORMATS[name]
    low, high = form.lowest - form.bits + 1, 2 - form.lowest
    generator = np.random.default_rng(seed)
    exponents = np.arange(low, high, step)
    values = np.ldexp(generator.uniform(1, 2, 2 * len(exponents)), np.tile(exponents, 2))
    values[len(exponents) :] *= -1
    found = to_format(values, name)
    return found[np.isfinite(found)]


def ends(name: str) -> Array:
    """0, the extremes of the format, ±inf and NaN."""
    form = FORMATS[name]
    positive = [form.smallest, form.tiny, neighbour(form.tiny, form, -1), form.largest, math.inf]
    return np.array([0.0, -0.0, math.nan, *positive, *(-p for p in positive)])


def around(value: float, name: str) -> list[float]:
    """The float of a format nearest to a value, and the one on either side."""
    form = FORMATS[name]
    centre = float(to_format(np.array(value), name))
    if not math.isfinite(centre):
        return []
    return [centre, neighbour(centre, form, 1), neighbour(centre, form, -1)]


def neighbour(value: float, form: Format, direction: int) -> float:
    """The next float of a format above (1) or below (-1) a float of it."""
    if value == 0:
        return direction * form.smallest
    fraction, exponent = math.frexp(value)
    inward = abs(fraction) == 0.5 and (value > 0) != (direction > 0)
    place = max(exponent - 1 - (1 if inward else 0), form.lowest)
    moved = value + direction * math.ldexp(1.0, place - form.bits + 1)
    return moved if abs(moved) <= form.largest else math.copysign(math.inf, moved)
