"""What a search measures: the errors of a program's results, with its values at given levels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from actgen.formats import Array
from actgen.program.evaluate import evaluate_nodes
from actgen.program.precision.far import Far
from actgen.program.precision.levels import Levels
from actgen.program.precision.mixed import errors_in_ulp, evaluate_mixed
from actgen.program.precision.moving import MovingZeros
from actgen.program.program import Node, Program, evaluation_order


@dataclass(frozen=True, slots=True)
class Limits:
    """Errors in ulp that results may have in the search, which sees a sample: less than is promised, and not much less.

    For in the emulation every function is at its worst everywhere.
    """

    value: float = 3.7
    partial: float = 7.4

    @staticmethod
    def of(program: Program) -> Limits:
        """Nearly the promise for gates, whose looks have a million usual points: no certificate tries all pairs."""
        return Limits() if len(program.inputs) == 1 else _OF_GATES

    def looser(self) -> Limits:
        """For a look at what was found: halfway from these to what is promised."""
        return Limits((self.value + _PROMISED.value) / 2, (self.partial + _PROMISED.partial) / 2)


_PROMISED, _OF_GATES, _UNLUCKY = Limits(4.0, 8.0), Limits(3.95, 7.9), Limits(4.4, 8.8)


@dataclass(frozen=True, slots=True)
class Measure:
    """Errors are those of `program` against `exact`, which is right in float64."""

    program: Program
    exact: Program
    moving: MovingZeros
    limits: Limits

    def looser(self) -> Measure:
        """With looser limits."""
        return replace(self, limits=self.limits.looser())

    def unlucky(self) -> Measure:
        """For points that were chosen to be wrong in the emulation: a kernel's functions are not all at their worst."""
        return replace(self, limits=_UNLUCKY)

    def trials(self, everywhere: Mapping[str, Array], far: Far) -> tuple[Trial, Trial]:
        """Of the outputs, and of the partials, where elements are not far."""
        near = ~far.rows(everywhere)
        at = {name: column[near] for name, column in everywhere.items()}
        outputs = self._trial(self.program.forward.values(), self.exact.forward.values(), at, self.limits.value)
        return outputs, self._trial(
            self.program.partials.values(), self.exact.partials.values(), at, self.limits.partial
        )

    def _trial(self, roots: Iterable[Node], exact: Iterable[Node], at: dict[str, Array], limit: float) -> Trial:
        found = tuple(roots)
        truths = evaluate_nodes(tuple(exact), at, quickly=True)
        return Trial(found, at, truths, self.moving.magnitudes(found, at), limit)


@dataclass(slots=True)
class Trial:
    """Results at points, and by how much each may be wrong."""

    roots: tuple[Node, ...]
    columns: dict[str, Array]
    truths: list[Array]
    magnitudes: list[Array | None]
    limit: float
    spent: float = 0
    telling: list[int] = field(default_factory=list)
    """Points at which some choice was wrong: another one is likely to be wrong there too."""

    def holds(self, levels: Levels) -> bool:
        """Whether no result is wrong by more than its limit."""
        few = np.array(self.telling, dtype=np.intp)
        if few.size and self._worst(levels, few) is not None:
            return False
        worst = self._worst(levels, slice(None))
        if worst is not None:
            self.telling.append(worst)
        return worst is None

    def excess(self, levels: Levels) -> Array:
        """At each point the largest error, by the limit; 0 where there are no results."""
        none = np.zeros(len(next(iter(self.columns.values()))))
        return np.max([none, *self._errors(levels, slice(None))], axis=0) / self.limit

    def _worst(self, levels: Levels, rows: npt.NDArray[np.intp] | slice) -> int | None:
        """The point at which the first wrong result is worst."""
        for errors in self._errors(levels, rows):
            if errors.max() > self.limit:
                return int(errors.argmax())
        return None

    def _errors(self, levels: Levels, rows: npt.NDArray[np.intp] | slice) -> Iterator[Array]:
        """Of each result, in ulp."""
        at = {name: column[rows] for name, column in self.columns.items()}
        self.spent += len(next(iter(at.values()))) * len(evaluation_order(self.roots))
        results = evaluate_mixed(self.roots, at, levels)
        for value, truth, magnitude in zip(results, self.truths, self.magnitudes, strict=True):
            yield errors_in_ulp(value, truth[rows], None if magnitude is None else magnitude[rows])
