"""The search for how each value is held: from float64 throughout, group after group is let go, the dearest first.

A kernel in float32 throughout is the fastest. Where a result would then be wrong by more than the limits (an argument
is rounded before an exponential, a factor vanishes before a product does, digits cancel beside a zero) some values are
carried with what they have lost, and where that is not enough computed in float64. In float64 throughout the program
is right, so there is always a choice that is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from actgen.formats import Array
from actgen.program.precision.far import Far, candidates
from actgen.program.precision.levels import Level, Levels, lean
from actgen.program.precision.mixed import errors_in_ulp, evaluate_mixed
from actgen.program.precision.moving import MovingZeros
from actgen.program.precision.points import columns
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

_DEAR = 2e7
"""Of one trial; from here on it is not tried whether fewer elements would do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Errors in ulp that results may have in the search; the promise is 4 and 8, and the search sees a sample."""

    value: float = 3.2
    partial: float = 6.4


@dataclass(frozen=True, slots=True)
class Chosen:
    """How a float32 kernel holds its values, for the outputs and, apart from them, for their partials.

    That is for the elements that are not far.
    """

    forward: Levels
    partials: Levels
    far: Far


def chosen_levels(program: Program, points: Samples, limits: Limits | None = None) -> Chosen:
    """The choice for a program that is right in float64; the same at every run.

    Args:
        program: what the kernel computes.
        points: give the parameter sets.
        limits: of the results' errors.
    """
    everywhere, held = columns(program, points), limits or Limits()
    moving = MovingZeros.of(program, everywhere)
    first, *others = candidates(program)
    far, trials = first, _trials(program, everywhere, moving, first, held)
    for other in others:
        if all(trial.holds(lean(trial.roots)) for trial in trials) or sum(t.spent for t in trials) > _DEAR:
            break
        far, trials = other, _trials(program, everywhere, moving, other, held)
    forward, partials = (_search(trial) for trial in trials)
    return Chosen(forward, partials, far)


def _trials(
    program: Program, everywhere: dict[str, Array], moving: MovingZeros, far: Far, limits: Limits
) -> tuple[_Trial, _Trial]:
    """Of the outputs, and of the partials, where elements are not far."""
    near = ~far.rows(everywhere)
    at = {name: column[near] for name, column in everywhere.items()}
    outputs, partials = tuple(program.forward.values()), tuple(program.partials.values())
    return _Trial.of(outputs, at, moving, limits.value), _Trial.of(partials, at, moving, limits.partial)


def _search(trial: _Trial) -> Levels:
    if trial.holds({}):
        return {}
    computed = [n for n in topological(trial.roots) if n.op not in ("arg", "const") and not n.is_bool]
    middle = lean(trial.roots)
    levels = _lowered(trial, dict.fromkeys(computed, Level.WIDE), middle)
    return _lowered(trial, levels, {n: Level.FLOAT if n in middle else level for n, level in levels.items()})


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

    def _worst(self, levels: Levels, rows: npt.NDArray[np.intp] | slice) -> int | None:
        """The point at which the first wrong result is worst."""
        at = {name: column[rows] for name, column in self.columns.items()}
        self.spent += len(next(iter(at.values()))) * len(evaluation_order(self.roots))
        results = evaluate_mixed(self.roots, at, levels)
        for value, truth, magnitude in zip(results, self.truths, self.magnitudes, strict=True):
            errors = errors_in_ulp(value, truth[rows], None if magnitude is None else magnitude[rows])
            if errors.max() > self.limit:
                return int(errors.argmax())
        return None
