"""The search for how each value is held: from float64 throughout, group after group is let go, the dearest first.

A kernel in float32 throughout is the fastest. Where a result would then be wrong by more than the limits (an argument
is rounded before an exponential, a factor vanishes before a product does, digits cancel beside a zero) some values are
carried with what they have lost, and where that is not enough computed in float64. In float64 throughout the program
is right, so there is always a choice that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from actgen.formats import Array
from actgen.program.precision.far import Far, candidates
from actgen.program.precision.levels import Level, Levels, close, lean
from actgen.program.precision.mixed import errors_in_ulp, evaluate_mixed
from actgen.program.precision.moving import MovingZeros
from actgen.program.precision.points import columns, columns_along, dense, joined
from actgen.program.program import Node, Program, evaluation_order, topological
from actgen.program.sampling import Samples

_COSTS = {
    "div": 4, "sqrt": 4, "powi": 2, "poly": 8, "exp": 6, "expm1": 10, "log": 8, "log1p": 9, "log2": 9, "sin": 8,
    "cos": 8, "tan": 12, "sinpi": 9, "cospi": 9, "tanh": 14, "sinh": 14, "cosh": 10, "sech": 12, "asinh": 20,
    "acosh": 20, "atanh": 16, "atan": 10, "asin": 16, "acos": 16, "atan2": 14, "erf": 24, "erfc": 26,
    "sigmoid": 10, "softplus": 18, "logsigmoid": 18, "logaddexp": 20, "cbrt": 15, "hypot": 10, "pow": 30,
}  # fmt: skip
"""Roughly, operations of the math header; of all others it is one."""


_BUDGET = 5e8
"""Values that are computed in one search, some seconds; what is not let go by then stays in float64."""

_ROUNDS = 5
_ADDED = 1000
_NEARLY = 0.5
"""Rounds of a search; so many points are added of each set of parameters, at which errors are near the limit."""

_DEAR = 2e7
"""Of one trial; from here on it is not tried whether fewer elements would do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Errors in ulp that results may have in the search, which sees a sample: less than is promised, and not much less.

    For in the emulation every function is at its worst everywhere.
    """

    value: float = 3.7
    partial: float = 7.4

    def looser(self) -> Limits:
        """For a look at what was found: halfway from these to what is promised."""
        return Limits((self.value + _PROMISED.value) / 2, (self.partial + _PROMISED.partial) / 2)


_PROMISED = Limits(4.0, 8.0)


@dataclass(frozen=True, slots=True)
class Chosen:
    """How a float32 kernel holds its values, for the outputs and, apart from them, for their partials.

    That is for the elements that are not far.
    """

    forward: Levels
    partials: Levels
    far: Far


def chosen_levels(
    program: Program,
    points: Samples,
    limits: Limits | None = None,
    further: Sequence[Mapping[str, float]] = (),
) -> Chosen:
    """The choice for a program that is right in float64; the same at every run.

    A search sees few sets of parameters. What it finds is looked at with others, and the worst points of those where
    it is wrong are searched with, too. What is still wrong after some such rounds is not let go at all.

    Args:
        program: what the kernel computes.
        points: give the parameter sets.
        limits: of the results' errors.
        further: sets of parameters to look at.
    """
    held, seen = limits or Limits(), columns(program, points)
    looks = [*(columns_along(program, parameters) for parameters in further), *dense(program, points)]
    moving = MovingZeros.of(program, joined([seen, *looks]))
    for _ in range(_ROUNDS):
        found = _found(program, seen, moving, held)
        missed = _missed(program, found, moving, held.looser(), looks)
        if not missed:
            return found
        seen = joined([seen, *missed])
    return Chosen(_wide(program.forward.values()), _wide(program.partials.values()), candidates(program)[-1])


def moving_zeros(program: Program, points: Samples, further: Sequence[Mapping[str, float]] = ()) -> MovingZeros:
    """The zeros that move at the sets of parameters of a search, or at those with which it is looked at."""
    return MovingZeros.of(program, joined([columns(program, points), *(columns_along(program, p) for p in further)]))


def _missed(
    program: Program, found: Chosen, moving: MovingZeros, limits: Limits, looks: Sequence[Mapping[str, Array]]
) -> list[dict[str, Array]]:
    """Of each set of parameters at which some result is wrong, the points at which it is, or nearly so."""
    missed = []
    for look in looks:
        near = ~found.far.rows(look)
        trials = _trials(program, look, moving, found.far, limits)
        excess = np.max(
            [t.excess(levels) for t, levels in zip(trials, (found.forward, found.partials), strict=True)], 0
        )
        if excess.max(initial=0.0) > 1:
            worst = np.argsort(-excess, kind="stable")[:_ADDED]
            missed.append({n: column[near][worst[excess[worst] > _NEARLY]] for n, column in look.items()})
    return missed


def _found(program: Program, everywhere: dict[str, Array], moving: MovingZeros, held: Limits) -> Chosen:
    first, *others = candidates(program)
    far, trials = first, _trials(program, everywhere, moving, first, held)
    for other in others:
        if all(trial.holds(close(trial.roots)) for trial in trials) or sum(t.spent for t in trials) > _DEAR:
            break
        far, trials = other, _trials(program, everywhere, moving, other, held)
    forward, partials = (_search(trial) for trial in trials)
    return Chosen(forward, partials, far)


def _trials(
    program: Program, everywhere: Mapping[str, Array], moving: MovingZeros, far: Far, limits: Limits
) -> tuple[_Trial, _Trial]:
    """Of the outputs, and of the partials, where elements are not far."""
    near = ~far.rows(everywhere)
    at = {name: column[near] for name, column in everywhere.items()}
    outputs, partials = tuple(program.forward.values()), tuple(program.partials.values())
    return _Trial.of(outputs, at, moving, limits.value), _Trial.of(partials, at, moving, limits.partial)


def _search(trial: _Trial) -> Levels:
    if trial.holds({}):
        return {}
    most = close(trial.roots)
    levels = _lowered(trial, _wide(trial.roots), most)
    for fewer in (lean(trial.roots), {}):
        goal = {n: fewer.get(n, Level.FLOAT) if n in most else level for n, level in levels.items()}
        levels = _lowered(trial, levels, goal)
    return levels


def _wide(roots: Iterable[Node]) -> dict[Node, Level]:
    """Float64 throughout."""
    computed = (n for n in topological(tuple(roots)) if n.op not in ("arg", "const") and not n.is_bool)
    return dict.fromkeys(computed, Level.WIDE)


def _lowered(trial: _Trial, levels: dict[Node, Level], goal: Levels) -> dict[Node, Level]:
    """The levels with as many nodes as possible at those of the goal."""
    movable = [n for n, level in levels.items() if goal.get(n, Level.FLOAT) is not level]
    groups = [sorted(movable, key=lambda n: -_COSTS.get(n.op, 1))] if movable else []
    while groups and trial.spent < _BUDGET:
        group = groups.pop()
        candidate = {**levels, **{n: goal.get(n, Level.FLOAT) for n in group}}
        if trial.holds(candidate):
            levels = candidate
        elif len(group) > 1:
            middle = len(group) // 2
            groups += [group[middle:], group[:middle]]
    return levels


@dataclass(slots=True)
class _Trial:
    roots: tuple[Node, ...]
    columns: dict[str, Array]
    truths: list[Array]
    magnitudes: list[Array | None]
    limit: float
    spent: float = 0
    telling: list[int] = field(default_factory=list)
    """Points at which some choice was wrong: another one is likely to be wrong there too."""

    @classmethod
    def of(cls, roots: tuple[Node, ...], at: dict[str, Array], moving: MovingZeros, limit: float) -> _Trial:
        truths = evaluate_mixed(roots, at, dict.fromkeys(topological(roots), Level.WIDE))
        return cls(roots, at, truths, moving.magnitudes(roots, at), limit)

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
        """At each point the largest error, by the limit."""
        return np.max(list(self._errors(levels, slice(None))), axis=0) / self.limit

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
