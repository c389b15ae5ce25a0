"""Where an activation is tested: columns of inputs and parameters, the same for every framework, from a fixed seed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from actgen.activation import Activation
from actgen.formats import FORMATS, Array
from actgen.verify.edges import edge_points
from actgen.verify.oracle import Oracle
from actgen.verify.parameters import named_numbers, parameter_sets
from actgen.verify.patterns import around, binades, ends, to_format

Indices: TypeAlias = npt.NDArray[np.intp]

_SEED = 20_260_711
_MAGNITUDES = (
    *(10.0**-k for k in (8, 7, 6, 5, 4, 3, 2)),
    *(0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1, 1.1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 17, 18, 20, 25, 30),
    *(36.7, 40, 50, 70, 87.3, 88.8, 100, 103.5, 150, 200, 300, 500, 650, 708.5, 709.5, 710),
    *(10.0**k for k in (3, 4, 5, 6, 7, 8, 9, 12, 15)),
)
_STEPS = {"float64": 4, "float32": 2, "bfloat16": 2, "float16": 1}


SWEEP = "sweep of float32"
"""The name of the points that go through the whole of float32, at the nominal parameters."""

EVERY = "all 2^32 of float32"
"""The name of all of them, a NaN of each sign standing for all NaNs of that sign."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Points in one format: a column for each variable, inputs then parameters, all of one length.

    `checked` are the places at which the oracle is asked; None means at all, without a screen.
    """

    name: str
    dtype: str
    columns: Mapping[str, Array]
    checked: Indices | None = None

    @property
    def size(self) -> int:
        """How many points."""
        return len(next(iter(self.columns.values())))

    def at(self, index: int) -> dict[str, float]:
        """One point."""
        return {name: float(column[index]) for name, column in self.columns.items()}


def samples(
    activation: Activation, oracle: Oracle, breakpoints: Mapping[str, Sequence[float]], thorough: bool
) -> tuple[Dataset, ...]:
    """Points in each format at which the oracle is asked one by one.

    Args:
        activation: what is verified.
        oracle: says where results leave the range of a format.
        breakpoints: for each input, places where pieces meet at the nominal parameters.
        thorough: more draws of parameters, and every binade.
    """
    return tuple(_sample(activation, oracle, dtype, breakpoints, thorough) for dtype in FORMATS)


def _sample(
    activation: Activation, oracle: Oracle, dtype: str, breakpoints: Mapping[str, Sequence[float]], thorough: bool
) -> Dataset:
    rows: list[tuple[float, ...]] = []
    generator = np.random.default_rng(_SEED)
    narrow = dtype in ("bfloat16", "float16")
    draws = 16 if thorough else 1 if narrow else 6
    constants = named_numbers(activation)
    for index, parameters in enumerate(parameter_sets(activation, oracle, dtype, draws)):
        values = tuple(parameters.values())
        steps = 1 if index == 0 else 3
        core = [
            _core(activation, i.name, dtype, (*constants, *breakpoints.get(i.name, ())), steps)
            for i in activation.inputs
        ]
        if index == 0:
            rest = binades(dtype, _SEED, 1 if thorough else _STEPS[dtype])
            core = [np.concatenate([c, rest]) for c in core]
        rows += ((*point, *values) for point in _combine(core, generator, full=index == 0))
    rows += _claimed(activation, dtype)
    names = [v.name for v in activation.variables]
    rows += (tuple(point[n] for n in names) for point in edge_points(activation, oracle, dtype))
    table = to_format(np.array(rows), dtype)
    return Dataset(dtype, dtype, {name: table[:, i] for i, name in enumerate(names)})


def _core(activation: Activation, name: str, dtype: str, special: Iterable[float], step: int) -> Array:
    """Magnitudes of both signs, the domain, special places with their neighbours, and NaN.

    Of the magnitudes and the domain every `step`-th is taken; the ends of the format only if that is every one.
    """
    values = [*_MAGNITUDES[::step], *(-m for m in _MAGNITUDES[step // 2 :: step])]
    for place in (0.0, *special):
        values += around(place, dtype)
    if name in activation.domain:
        low, high = (bound.value for bound in activation.domain[name])
        if math.isfinite(low) and math.isfinite(high):
            values += np.linspace(low, high, 24 // step + 1).tolist()
    last = ends(dtype) if step == 1 else np.array([math.nan])
    return np.concatenate([np.unique(to_format(np.array(values), dtype)), last])


def _combine(core: Sequence[Array], generator: np.random.Generator, *, full: bool) -> Iterator[tuple[float, ...]]:
    """Every value of each input, the other inputs being drawn from moderate ones; if full, from all finite ones too."""
    if len(core) == 1:
        yield from ((float(v),) for v in core[0])
        return
    for partners in ([_moderate(c) for c in core], *([[c[np.isfinite(c)] for c in core]] if full else [])):
        for index, column in enumerate(core):
            for value in column if full else generator.permutation(column)[:60]:
                drawn = [float(generator.choice(p)) for p in partners]
                yield (*drawn[:index], float(value), *drawn[index + 1 :])


def _moderate(column: Array) -> Array:
    return column[np.isfinite(column) & (np.abs(column) < 1e3) & (np.abs(column) > 1e-9) | (column == 0)]


def _claimed(activation: Activation, dtype: str) -> list[tuple[float, ...]]:
    """The points of the spec's own checks."""
    nominal = activation.nominal()
    rows = []
    for output in activation.outputs:
        for check in output.checks.points:
            at = {**nominal, **{name: value.value for name, value in check.at.items()}}
            rows.append(tuple(at[v.name] for v in activation.variables))
    return rows
