"""Whole formats: every number of 16 bits, and a sweep of float32 that is dense beside every place that matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from actgen.activation import Activation
from actgen.formats import FORMATS, LAST, Array, by_ordinal, every_16_bits, ordinals
from actgen.verify.inputs import SWEEP, Dataset
from actgen.verify.oracle import Oracle
from actgen.verify.parameters import named_numbers, parameter_sets
from actgen.verify.patterns import STRIDE, to_format
from actgen.verify.screen import Screen, touches, turns

_SEED = 20_260_711
_DRAWS = 16
_RUN = 1_500  # numbers to either side of a place that matters
_CLOSE = 2  # of them, so many are checked
_MOST = 40  # places that matter
_TOUCHES = 12
_LOOK = 8 * STRIDE
_FEWER = 256  # at parameters that are not nominal, of the sweep every so many-th
_CHECKED = {"bfloat16": 16, "float16": 16, "float32": 150}
_CHECKED_ELSEWHERE = 97  # of the points at other parameters
_PART = 16  # and of 16 bits
_ENDS = (0, 1 << 23, LAST)  # ordinals: 0, the smallest normal number, infinity

Ordinals: TypeAlias = npt.NDArray[np.int64]


def grids(
    activation: Activation, oracle: Oracle, breakpoints: Mapping[str, Sequence[float]], screen: Screen | None
) -> Iterator[Dataset]:
    """All numbers of each 16-bit format and the sweep, at the nominal parameters; parts of them at others.

    Args:
        activation: what is verified.
        oracle: says which parameters are of interest.
        breakpoints: for each input, places where pieces meet at the nominal parameters.
        screen: says where the program or a sign changes; without it, only named places are dense.
    """
    names = [i.name for i in activation.inputs]
    nominal = activation.nominal()
    places = {n: places_of(activation, breakpoints.get(n, ()), screen, n) for n in names}
    for dtype in ("bfloat16", "float16"):
        values = every_16_bits(dtype)
        yield _grid(f"every {dtype}", dtype, names, dict.fromkeys(names, values), _in_format(nominal, dtype), {})
    runs = {n: _sweep(places[n], STRIDE * len(names)) for n in names}
    given = _in_format(nominal, "float32")
    yield _grid(SWEEP, "float32", names, runs, given, {n: beside(places[n], _CLOSE) for n in names})
    for dtype in ("bfloat16", "float16", "float32"):
        tiny = FORMATS[dtype].tiny
        sets = [
            s
            for s in parameter_sets(activation, oracle, dtype, _DRAWS)[1:]
            if not any(0 < abs(value) < tiny for value in s.values())
        ]
        parts = [_part(names, dtype, index, parameters) for index, parameters in enumerate(sets)]
        if parts:
            joined = {n: np.concatenate([p[n] for p in parts]) for n in parts[0]}
            yield Dataset(f"{dtype} at other parameters", dtype, joined, _every(joined, _CHECKED_ELSEWHERE))


def _in_format(values: Mapping[str, float], dtype: str) -> dict[str, float]:
    return {name: float(to_format(np.array(value), dtype)) for name, value in values.items()}


def _grid(
    name: str,
    dtype: str,
    inputs: Sequence[str],
    values: Mapping[str, Array],
    parameters: Mapping[str, float],
    close: Mapping[str, Ordinals],
) -> Dataset:
    """Each input in turn runs through its values; the others are there beside it. `close` numbers are all checked."""
    generator = np.random.default_rng(_SEED)
    rows = [_beside_others(inputs, moving, values[moving], dtype, generator) for moving in inputs]
    columns = {n: np.concatenate([row[n] for row in rows]) for n in inputs}
    size = len(columns[inputs[0]])
    full = {**columns, **{n: np.full(size, value) for n, value in parameters.items()}}
    moved = np.concatenate([row[moving] for row, moving in zip(rows, inputs, strict=True)])
    chosen = np.zeros(size, dtype=bool)
    chosen[_every(full, _CHECKED[dtype])] = True
    chosen |= ~np.isfinite(moved)
    for places in close.values():
        chosen |= np.isin(moved, by_ordinal(places))
    return Dataset(name, dtype, full, np.flatnonzero(chosen))


def _part(inputs: Sequence[str], dtype: str, index: int, parameters: Mapping[str, float]) -> dict[str, Array]:
    """Some of a format's numbers, other ones for each set of parameters."""
    if dtype == "float32":
        values = by_ordinal(np.arange(-LAST + 977 * index % STRIDE, LAST + 1, STRIDE * _FEWER, dtype=np.int64))
    else:
        values = every_16_bits(dtype)[index % _PART :: _PART]
    generator = np.random.default_rng((_SEED, index))
    rows = [_beside_others(inputs, moving, values, dtype, generator) for moving in inputs]
    columns = {n: np.concatenate([row[n] for row in rows]) for n in inputs}
    size = len(columns[inputs[0]])
    return {**columns, **{n: np.full(size, value) for n, value in parameters.items()}}


def _beside_others(
    inputs: Sequence[str], moving: str, values: Array, dtype: str, generator: np.random.Generator
) -> dict[str, Array]:
    """One input's values; each other input takes finite ones of any size, and moderate ones, by turns."""
    found = {moving: values}
    for other in inputs:
        if other != moving:
            wild = generator.permutation(np.where(np.isfinite(values), values, 1.0))
            mild = to_format(generator.normal(0, 3, len(values)), dtype)
            found[other] = np.where(generator.random(len(values)) < 0.5, wild, mild)
    return {name: found[name] for name in inputs}


def _every(columns: Mapping[str, Array], step: int) -> npt.NDArray[np.intp]:
    """Every so many-th place, shifted from run to run so that each significand's end has its turn."""
    places = np.arange(len(next(iter(columns.values()))))
    return np.flatnonzero((places + places // 128) % step == 0)


def places_of(activation: Activation, breakpoints: Sequence[float], screen: Screen | None, moving: str) -> list[int]:
    """Places that matter, as ordinals: breakpoints, the formula's thresholds, where the program changes, the ends."""
    nominal = _in_format(activation.nominal(), "float32")
    fixed = {**nominal, **{i.name: 1.0 for i in activation.inputs if i.name != moving}}
    named = to_format(np.array([*breakpoints, *named_numbers(activation)]), "float32")
    found = ordinals(named[np.isfinite(named)]).tolist()
    if screen is not None:
        found += turns(screen, fixed, moving, range(-LAST, LAST + 1, _LOOK), _MOST)
        found += touches(screen, fixed, moving, range(-LAST, LAST + 1, _LOOK), _TOUCHES)
    return list(dict.fromkeys([*found, *_ENDS, *(-e for e in _ENDS)]))


def beside(places: Sequence[int], reach: int) -> Ordinals:
    """The numbers around some, in order."""
    spread = np.arange(-reach, reach + 1, dtype=np.int64)
    around = (np.asarray(places, dtype=np.int64)[:, None] + spread).reshape(-1)
    return np.unique(around[np.abs(around) <= LAST])


def _sweep(places: Sequence[int], stride: int) -> Array:
    """Float32 in order, every so many-th number and all beside the places; then -0.0 and NaN."""
    thin = np.arange(-LAST, LAST + 1, stride, dtype=np.int64)
    merged = np.sort(np.concatenate([thin, beside(places, _RUN)]))
    values = by_ordinal(merged[np.diff(merged, prepend=-LAST - 1) > 0])
    return np.concatenate([values, [-0.0, np.nan]])
