"""The truth at a dataset's points, computed once for all frameworks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from flint import arb

from actgen.activation import Activation
from actgen.formats import FORMATS, Array, Format, spacing
from actgen.verify.balls import OutsideError, SingularError, UndecidedError
from actgen.verify.inputs import Dataset, Indices
from actgen.verify.oracle import Oracle, Truth
from actgen.verify.screen import Key, Screen
from actgen.verify.ulp import Mask

_NEXT_BELOW = math.nextafter(0.0, -1.0)
_CONFIRMED = 0.02  # ulps of the format: how close a screen must be
Table: TypeAlias = "Mapping[Key, Truth]"


@dataclass(slots=True)
class Truths:
    """Tables of truth by dataset, and truth at single points.

    Attributes:
        activation: whose results.
        oracle: the judge of single points.
        screen: stands in for it between the points of a grid at which it was asked.
        asked: at how many points the oracle settles what the screen does not, for each result of a dataset.
    """

    activation: Activation
    oracle: Oracle
    screen: Screen | None = None
    asked: int = 4_096
    _unasked: dict[str, int] = field(default_factory=dict)
    _tables: dict[str, Table] = field(default_factory=dict)
    _sensitivities: dict[tuple[object, ...], float] = field(default_factory=dict)

    @property
    def targets(self) -> tuple[str | None, ...]:
        """The value, then every variable to differentiate by."""
        return (None, *(v.name for v in self.activation.variables))

    def table(self, dataset: Dataset) -> Table:
        """Truth at every point of a dataset, by output and target; not decided where a screen was not confirmed."""
        found = self._tables.get(dataset.name)
        if found is None:
            exact = self._compute(_part(dataset, dataset.checked))
            found = exact if dataset.checked is None else self._screened(dataset, dataset.checked, exact)
            self._tables[dataset.name] = found
        return found

    def _screened(self, dataset: Dataset, checked: Indices, exact: Table) -> Table:
        if self.screen is None:
            self._unasked[dataset.name] = dataset.size - len(checked)
            return {key: _spread(there, checked, dataset.size) for key, there in exact.items()}
        values = self.screen.values(dataset.columns)
        return {key: self._settled(dataset, key, values[key], checked, there) for key, there in exact.items()}

    def _settled(self, dataset: Dataset, key: Key, values: Array, checked: Indices, exact: Truth) -> Truth:
        """The screen's results where the oracle confirms it to either side; else the oracle's, at so many places."""
        held = confirmed(values[checked], exact, FORMATS[dataset.dtype])
        if held.all() and len(checked):
            found = Truth(values.copy(), np.zeros(dataset.size), np.ones(dataset.size, dtype=bool))
            found.hi[checked], found.lo[checked], found.decided[checked] = exact.hi, exact.lo, exact.decided
            return found
        found = _spread(exact, checked, dataset.size)
        after = np.searchsorted(checked, np.arange(dataset.size))
        screened = held[np.minimum(after, len(checked) - 1)] & held[np.maximum(after - 1, 0)]
        screened[checked] = False
        found.hi[screened], found.decided[screened] = values[screened], True
        screened[checked] = True
        if len(rest := np.flatnonzero(~screened)):
            asked = rest[:: -(-len(rest) // self.asked)]
            answer = self.at(dataset, *key, asked.tolist())
            found.hi[asked], found.lo[asked], found.decided[asked] = answer.hi, answer.lo, answer.decided
        return found

    def part(self, dataset: Dataset, places: Indices) -> tuple[Dataset, Truths]:
        """Some points of a grid, in order, and the truth there as it is known; among them are all that are checked."""
        assert dataset.checked is not None
        columns = {name: column[places] for name, column in dataset.columns.items()}
        part = Dataset(dataset.name, dataset.dtype, columns, np.searchsorted(places, dataset.checked))
        known = {k: Truth(t.hi[places], t.lo[places], t.decided[places]) for k, t in self.table(dataset).items()}
        return part, replace(self, _unasked={}, _tables={part.name: known})

    def flushed(self, dataset: Dataset, key: Key, asked: Mask) -> tuple[Indices, Truth]:
        """Those of some points that have subnormal coordinates, and the truth there with these taken as 0."""
        tiny = FORMATS[dataset.dtype].tiny
        return self._elsewhere(dataset, key, asked, lambda c: np.where(np.abs(c) < tiny, 0.0, c))

    def below_zero(self, dataset: Dataset, key: Key, asked: Mask) -> tuple[Indices, Truth]:
        """Those of some points that hold a -0.0, and the truth there with it taken as the number next below 0."""
        return self._elsewhere(dataset, key, asked, lambda c: np.where((c == 0) & np.signbit(c), _NEXT_BELOW, c))

    def _elsewhere(
        self, dataset: Dataset, key: Key, asked: Mask, move: Callable[[Array], Array]
    ) -> tuple[Indices, Truth]:
        """Each moved point is computed once, however many come to lie there."""
        places = np.flatnonzero(asked)
        there = np.stack([c[places] for c in dataset.columns.values()])
        moved = np.stack([move(c) for c in there])
        changed = np.any(moved != there, axis=0) & ~np.any(np.isnan(there), axis=0)
        rows, back = np.unique(moved[:, changed], axis=1, return_inverse=True)
        exact = self.oracle.values(*key, dict(zip(dataset.columns, rows, strict=True)))
        spread = back.reshape(-1)
        return places[changed], Truth(exact.hi[spread], exact.lo[spread], exact.decided[spread])

    def undecided(self) -> dict[Key, int]:
        """How many points are not compared, where there are any; of a grid without a screen, of those asked about."""
        found: dict[Key, int] = {}
        for name, table in self._tables.items():
            for key, truth in table.items():
                found[key] = found.get(key, 0) + int((~truth.decided).sum()) - self._unasked.get(name, 0)
        return {key: count for key, count in found.items() if count}

    def at(self, dataset: Dataset, output: str, wrt: str | None, indices: Sequence[int]) -> Truth:
        """Truth at some points of a dataset."""
        chosen = np.asarray(indices, dtype=np.int64)
        return self.oracle.values(output, wrt, {n: c[chosen] for n, c in dataset.columns.items()})

    def sensitivity(self, output: str, wrt: str | None, at: Mapping[str, float]) -> float:
        """How much the result moves for a relative change of each variable, per unit of that change, summed.

        0 where the derivatives that this takes are not those of a composed form.
        """
        key = (output, wrt, tuple(at.values()))
        if key not in self._sensitivities:
            self._sensitivities[key] = self._sensitivity(output, wrt, at)
        return self._sensitivities[key]

    def _sensitivity(self, output: str, wrt: str | None, at: Mapping[str, float]) -> float:
        total = 0.0
        for name, value in at.items():
            if value == 0 or not math.isfinite(value):
                continue
            try:
                slope = self.oracle.slope(output, wrt, name, at)
            except (SingularError, OutsideError, UndecidedError):
                return 0.0
            total += abs(float(slope.abs_lower()) * value)  # what is below every float counts as 0
        return 0.0 if math.isnan(total) else total

    def steepest(self, output: str, wrt: str | None, at: Mapping[str, float], coarser: float = 1.0) -> float:
        """The largest `sensitivity` where one variable has gone to one of its next two float64 neighbours.

        Where `coarser` is not 1, the neighbours are so many times further apart. For a result that bends within a
        rounding, as far out, where the crest of a sine is nowhere near: the mean slope is at most the largest.
        """
        return max((self.sensitivity(output, wrt, point) for point in _neighbours(at, coarser)), default=0.0)

    def beside(self, output: str, wrt: str | None, at: Mapping[str, float], coarser: float = 1.0) -> list[float]:
        """The exact results, as float64, where one variable has gone to one of those neighbours; nan where unknown."""
        points = _neighbours(at, coarser)
        if not points:
            return []
        return self.oracle.values(output, wrt, {n: np.array([p[n] for p in points]) for n in at}).hi.tolist()

    def condition(self, output: str, wrt: str | None, at: Mapping[str, float]) -> float:
        """The relative change of the result for a relative change of each variable, per unit of that change, summed.

        A lower bound, also where the result is beyond every float; 0 where it is not known.
        """
        try:
            size = abs(self.oracle.enclosure(output, wrt, at))
            given = {name: value for name, value in at.items() if value and math.isfinite(value)}
            moved = sum((self.oracle.slope(output, wrt, n, at).abs_lower() * abs(v) for n, v in given.items()), arb(0))
        except (SingularError, OutsideError, UndecidedError):
            return 0.0
        found = float((moved / size).abs_lower())
        return 0.0 if math.isnan(found) else found

    def _compute(self, columns: Mapping[str, Array]) -> Table:
        size = len(next(iter(columns.values())))
        table: dict[Key, Truth] = {}
        for output in self.activation.outputs:
            if size:
                found = self.oracle.table(output.name, self.targets, columns)
            else:
                found = dict.fromkeys(self.targets, Truth(np.empty(0), np.empty(0), np.empty(0, dtype=bool)))
            table |= {(output.name, wrt): truth for wrt, truth in found.items()}
        return table


def _neighbours(at: Mapping[str, float], coarser: float) -> list[dict[str, float]]:
    """The point with one variable moved by one or two steps: float64 spacings, or so many times as much."""
    steps = {n: math.ulp(v) * coarser for n, v in at.items() if v != 0 and math.isfinite(v)}
    return [{**at, n: at[n] + k * step} for n, step in steps.items() for k in (-2, -1, 1, 2)]


def confirmed(values: Array, exact: Truth, form: Format) -> Mask:
    """Where float64 results are the truth as far as a format can tell."""
    with np.errstate(all="ignore"):
        near = np.abs(values - exact.hi) <= _CONFIRMED * spacing(np.where(np.isfinite(exact.hi), exact.hi, 0), form)
        beyond = np.minimum(np.abs(values), np.abs(exact.hi)) >= form.largest * (1 + form.epsilon)
        over = beyond & (np.sign(values) == np.sign(exact.hi))
    return near | over | (np.isnan(values) & np.isnan(exact.hi)) | ~exact.decided


def _part(dataset: Dataset, places: Indices | None) -> Mapping[str, Array]:
    return dataset.columns if places is None else {n: c[places] for n, c in dataset.columns.items()}


def _spread(exact: Truth, places: Indices, size: int) -> Truth:
    """The truth at some places of many; nothing is decided elsewhere."""
    hi, lo, decided = np.full(size, np.nan), np.zeros(size), np.zeros(size, dtype=bool)
    hi[places], lo[places], decided[places] = exact.hi, exact.lo, exact.decided
    return Truth(hi, lo, decided)
