"""The figures of a report in short: for each runner and format how many points, and the worst results among them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from actgen.verify.patterns import to_format
from actgen.verify.report import Cell, Report, name_of


@dataclass(frozen=True, slots=True)
class Worst:
    """The largest error among some results.

    Attributes:
        of: `y` or `∂y/∂x`.
        ulps: how large; infinite where a result is of a wrong kind, such as NaN.
        where: the point.
        place: the same for people, without the parameters that are at their nominal values.
    """

    of: str
    ulps: float
    where: Mapping[str, float]
    place: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One runner in one format: how many points were compared, the worst value and the worst derivative."""

    runner: str
    dtype: str
    points: int
    value: Worst | None
    derivative: Worst | None


def figures(report: Report, nominal: Mapping[str, float]) -> tuple[Figure, ...]:
    """The figures of everything that is held; what is listed apart is not among them.

    Args:
        report: of a verification.
        nominal: the parameters' nominal values.
    """
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in (c for framework in report.frameworks for c in framework.cells if c.mode != "autograd"):
        groups.setdefault((cell.runner, cell.dtype), []).append(cell)
    return tuple(
        Figure(
            runner,
            dtype,
            _points(cells),
            _worst((c for c in cells if c.wrt is None), nominal),
            _worst((c for c in cells if c.wrt is not None), nominal),
        )
        for (runner, dtype), cells in groups.items()
    )


def _points(cells: Sequence[Cell]) -> int:
    """Of each dataset as many as any result was compared at."""
    sizes: dict[str, int] = {}
    for cell in cells:
        sizes[cell.dataset] = max(cell.points, sizes.get(cell.dataset, 0))
    return sum(sizes.values())


def _worst(cells: Iterable[Cell], nominal: Mapping[str, float]) -> Worst | None:
    found = max(cells, key=_error, default=None)
    if found is None:
        return None
    place = ", ".join(f"{n} = {v:.6g}" for n, v in found.where.items() if not _is_nominal(n, v, found.dtype, nominal))
    return Worst(name_of(found.output, found.wrt), _error(found), found.where, place)


def _error(cell: Cell) -> float:
    return math.inf if cell.nan or cell.infinite or cell.finite or cell.zeroed or cell.sign else cell.worst


def _is_nominal(name: str, value: float, dtype: str, nominal: Mapping[str, float]) -> bool:
    return name in nominal and value == float(to_format(np.array(nominal[name]), dtype))
