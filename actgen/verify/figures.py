"""The figures of a report in short: for each runner and format how many points, and the worst results among them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from actgen.verify.kinds import WORDS
from actgen.verify.patterns import to_format
from actgen.verify.report import Cell, Report, name_of


@dataclass(frozen=True, slots=True)
class Worst:
    """The largest error among some results.

    Attributes:
        of: `y` or `∂y/∂x`.
        ulps: how large; infinite where a result is of a wrong kind, such as NaN.
        finite: the largest distance that is one.
        wrong: how many results of each wrong kind there are.
        where: the point.
        place: the same for people, without the parameters that are at their nominal values.
    """

    of: str
    ulps: float
    where: Mapping[str, float]
    place: str
    finite: float = 0.0
    wrong: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """One runner in one format: how many points were compared, the worst value and the worst derivative.

    `form` and `name` say what ran: our file, or a peer (see `report.Peer`).
    """

    runner: str
    dtype: str
    points: int
    value: Worst | None
    derivative: Worst | None
    form: str = "actgen"
    name: str = ""


def figures(report: Report, nominal: Mapping[str, float]) -> tuple[Figure, ...]:
    """The figures of everything that is held; what is listed apart is not among them.

    Args:
        report: of a verification.
        nominal: the parameters' nominal values.
    """
    ours = [c for framework in report.frameworks for c in framework.cells if c.mode != "autograd"]
    found = list(_figures(ours, nominal))
    for peer in report.peers:
        found += _figures(peer.cells, nominal, peer.form, peer.name)
    order = {key: place for place, key in enumerate(dict.fromkeys((f.runner, f.dtype) for f in found))}
    return tuple(sorted(found, key=lambda f: order[f.runner, f.dtype]))


def _figures(
    cells: Iterable[Cell], nominal: Mapping[str, float], form: str = "actgen", name: str = ""
) -> Iterator[Figure]:
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        groups.setdefault((cell.runner, cell.dtype), []).append(cell)
    for (runner, dtype), group in groups.items():
        value = worst([c for c in group if c.wrt is None], nominal)
        derivative = worst([c for c in group if c.wrt is not None], nominal)
        yield Figure(runner, dtype, _points(group), value, derivative, form, name)


def _points(cells: Sequence[Cell]) -> int:
    """Of each dataset as many as any result was compared at."""
    sizes: dict[str, int] = {}
    for cell in cells:
        sizes[cell.dataset] = max(cell.points, sizes.get(cell.dataset, 0))
    return sum(sizes.values())


def worst(cells: Sequence[Cell], nominal: Mapping[str, float]) -> Worst | None:
    """The worst of some cells; None where there are none."""
    found = max(cells, key=_error, default=None)
    if found is None:
        return None
    place = ", ".join(f"{n} = {v:.6g}" for n, v in found.where.items() if not _is_nominal(n, v, found.dtype, nominal))
    finite = max(c.worst for c in cells)
    return Worst(name_of(found.output, found.wrt), _error(found), found.where, place, finite, wrong_kinds(cells))


def wrong_kinds(cells: Iterable[Cell]) -> dict[str, int]:
    """How many results of each wrong kind there are; of several modes at the same points the mode with most counts."""
    groups: dict[tuple[str, str, str | None], list[Cell]] = {}
    for cell in cells:
        groups.setdefault((cell.dataset, cell.output, cell.wrt), []).append(cell)
    totals = {kind: sum(max(getattr(c, kind) for c in group) for group in groups.values()) for kind in WORDS}
    return {kind: count for kind, count in totals.items() if count}


def edges(cells: Iterable[Cell]) -> int:
    """How many results are wrong at the edge of a format or of a parameter, counted in the same way."""
    groups: dict[tuple[str, str, str | None], int] = {}
    for cell in cells:
        key = (cell.dataset, cell.output, cell.wrt)
        groups[key] = max(groups.get(key, 0), cell.edge.points if cell.edge else 0)
    return sum(groups.values())


def _error(cell: Cell) -> float:
    return math.inf if cell.nan or cell.infinite or cell.finite or cell.zeroed or cell.sign else cell.worst


def _is_nominal(name: str, value: float, dtype: str, nominal: Mapping[str, float]) -> bool:
    return name in nominal and value == float(to_format(np.array(nominal[name]), dtype))
