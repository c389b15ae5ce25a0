"""How far the frameworks lie apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np

from actgen.activation import Activation
from actgen.formats import FORMATS, Array
from actgen.verify.inputs import Dataset
from actgen.verify.report import Agreement


def agreements(
    activation: Activation, dataset: Dataset, results: Mapping[str, Mapping[str, Array]]
) -> tuple[Agreement, ...]:
    """The largest relative difference between each two runners, for each output and derivative.

    Points where either has no number well inside the range are left out: zeros, underflow, infinities and NaN are the
    judge's.

    Args:
        activation: whose results.
        dataset: float64 points.
        results: runner to its arrays by `dataset/mode`.
    """
    complete = {label: arrays for label, arrays in results.items() if f"{dataset.name}/partials" in arrays}
    return tuple(
        _apart(one, other, output, wrt, first, second, dataset)
        for one, other in combinations(complete, 2)
        for (output, wrt, first), (_, _, second) in zip(
            _rows(activation, dataset, complete[one]), _rows(activation, dataset, complete[other]), strict=True
        )
    )


def _rows(
    activation: Activation, dataset: Dataset, arrays: Mapping[str, Array]
) -> Iterator[tuple[str, str | None, Array]]:
    for index, output in enumerate(activation.outputs):
        yield output.name, None, arrays[f"{dataset.name}/function"][index]
        for place, variable in enumerate(activation.variables):
            yield output.name, variable.name, arrays[f"{dataset.name}/partials"][index, place]


def _apart(
    one: str, other: str, output: str, wrt: str | None, first: Array, second: Array, dataset: Dataset
) -> Agreement:
    tiny = FORMATS[dataset.dtype].tiny * 2.0**20
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(first), np.abs(second))
        usable = np.isfinite(size) & (np.minimum(np.abs(first), np.abs(second)) >= tiny)
        relative = np.where(usable, np.abs(first - second) / size, 0.0)
    worst = int(np.argmax(relative))
    return Agreement(one, other, output, wrt, float(relative[worst]), dataset.at(worst))
