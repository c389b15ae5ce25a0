"""The truth at a dataset's points, computed once for all frameworks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from flint import arb

from actgen.activation import Activation
from actgen.formats import FORMATS, Array
from actgen.verify.balls import OutsideError, SingularError, UndecidedError
from actgen.verify.inputs import Dataset
from actgen.verify.oracle import Oracle, Truth
from actgen.verify.ulp import Mask

_NEXT_BELOW = math.nextafter(0.0, -1.0)
Table = Mapping[tuple[str, "str | None"], Truth]


@dataclass(slots=True)
class Truths:
    """Tables of truth by dataset, and truth at single points."""

    activation: Activation
    oracle: Oracle
    _tables: dict[str, Table] = field(default_factory=dict)
    _sensitivities: dict[tuple[object, ...], float] = field(default_factory=dict)
    _moved: dict[tuple[str, str], tuple[Mask, Table]] = field(default_factory=dict)

    @property
    def targets(self) -> tuple[str | None, ...]:
        """The value, then every variable to differentiate by."""
        return (None, *(v.name for v in self.activation.variables))

    def table(self, dataset: Dataset) -> Table:
        """Truth at every point of a sampled dataset, by output and target."""
        found = self._tables.get(dataset.name)
        if found is None:
            found = self._tables[dataset.name] = self._compute(dataset.columns)
        return found

    def flushed(self, dataset: Dataset) -> tuple[Mask, Table]:
        """Which points hold subnormal coordinates, and the truth with these taken as 0 (at those points only)."""
        tiny = FORMATS[dataset.dtype].tiny
        return self._elsewhere(dataset, "flushed", lambda c: np.where(np.abs(c) < tiny, 0.0, c))

    def below_zero(self, dataset: Dataset) -> tuple[Mask, Table]:
        """Which points hold a -0.0, and the truth with it taken as the number next below 0 (at those points only)."""
        return self._elsewhere(dataset, "below", lambda c: np.where((c == 0) & np.signbit(c), _NEXT_BELOW, c))

    def _elsewhere(self, dataset: Dataset, kind: str, move: Callable[[Array], Array]) -> tuple[Mask, Table]:
        found = self._moved.get((dataset.name, kind))
        if found is None:
            columns = {n: move(c) for n, c in dataset.columns.items()}
            changed = np.any([columns[n] != dataset.columns[n] for n in columns], axis=0)
            changed &= ~np.any([np.isnan(c) for c in columns.values()], axis=0)
            table = self._compute({n: c[changed] for n, c in columns.items()})
            found = self._moved[dataset.name, kind] = changed, table
        return found

    def undecided(self) -> dict[tuple[str, str | None], int]:
        """How many points of the sampled datasets the oracle could not decide, where there are any."""
        found: dict[tuple[str, str | None], int] = {}
        for table in self._tables.values():
            for key, truth in table.items():
                found[key] = found.get(key, 0) + int((~truth.decided).sum())
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

    def stirred(self, output: str, wrt: str | None, at: Mapping[str, float]) -> float:
        """How far the exact result moves when each variable in turn goes to its next two float64 neighbours, summed.

        Beside `sensitivity` for a result that bends within a rounding: the crest of a sine far out. 0 where unknown.
        """
        total = 0.0
        try:
            centre = self.oracle.enclosure(output, wrt, at)
            for name, value in at.items():
                if value == 0 or not math.isfinite(value):
                    continue
                step = math.ulp(value)
                moved = [self.oracle.enclosure(output, wrt, {**at, name: value + k * step}) for k in (-2, -1, 1, 2)]
                total += max(abs(float(ball - centre)) for ball in moved)
        except UndecidedError:
            return 0.0
        return 0.0 if math.isnan(total) else total

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
        table: dict[tuple[str, str | None], Truth] = {}
        for output in self.activation.outputs:
            if size:
                found = self.oracle.table(output.name, self.targets, columns)
            else:
                found = dict.fromkeys(self.targets, Truth(np.empty(0), np.empty(0), np.empty(0, dtype=bool)))
            table |= {(output.name, wrt): truth for wrt, truth in found.items()}
        return table
