"""Where peers are compared: the points of the verification that are at the nominal parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from actgen.activation import Activation
from actgen.formats import Array
from actgen.verify.inputs import Dataset
from actgen.verify.patterns import to_format

Kept: TypeAlias = "npt.NDArray[np.bool_] | slice"


@dataclass(frozen=True, slots=True)
class Part:
    """A dataset, its part at the nominal parameters, which points that is, and where they lie in their table."""

    whole: Dataset
    nominal: Dataset
    kept: Kept
    place: slice


def parts(activation: Activation, datasets: Sequence[Dataset]) -> tuple[Part, ...]:
    """The parts; those of one format lie behind each other in one table, so that a process calls a peer once for it."""
    found: list[Part] = []
    sizes: dict[str, int] = {}
    for dataset in datasets:
        nominal, kept = _at_nominal(activation, dataset)
        if dataset.checked is not None and nominal is not dataset:
            continue  # a grid at other parameters
        start = sizes.get(dataset.dtype, 0)
        sizes[dataset.dtype] = start + nominal.size
        found.append(Part(dataset, nominal, kept, slice(start, start + nominal.size)))
    return tuple(found)


def tables(activation: Activation, found: Sequence[Part]) -> dict[str, Array]:
    """By format the inputs of every part, a row each."""
    columns: dict[str, list[Array]] = {}
    for part in found:
        rows = np.stack([part.nominal.columns[i.name] for i in activation.inputs])
        columns.setdefault(part.nominal.dtype, []).append(rows)
    return {dtype: np.concatenate(blocks, axis=1) for dtype, blocks in columns.items()}


def stored(activation: Activation, dtype: str) -> dict[str, float]:
    """The nominal parameters as a format holds them: what our files and the exact results are given too."""
    return {name: float(to_format(np.array(value), dtype)) for name, value in activation.nominal().items()}


def _at_nominal(activation: Activation, dataset: Dataset) -> tuple[Dataset, Kept]:
    kept = np.ones(dataset.size, dtype=bool)
    for name, value in stored(activation, dataset.dtype).items():
        kept &= dataset.columns[name] == value
    if kept.all():
        return dataset, slice(None)
    columns = {n: c[kept] for n, c in dataset.columns.items()}
    return Dataset(f"{dataset.name} at the nominal parameters", dataset.dtype, columns), kept
