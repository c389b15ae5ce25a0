"""The search for how each value is held: from float64 throughout, group after group is let go, the dearest first.

A kernel in float32 throughout is the fastest. Where a result would then be wrong by more than the limits (an argument
is rounded before an exponential, a factor vanishes before a product does, digits cancel beside a zero) some values are
carried with what they have lost, and where that is not enough computed in float64. In float64 throughout the program
is right, so there is always a choice that is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from actgen.formats import Array
from actgen.program.precision.far import Far, candidates
from actgen.program.precision.levels import Level, Levels, close, lean
from actgen.program.precision.moving import MovingZeros
from actgen.program.precision.points import columns, columns_along, dense, joined, recombined
from actgen.program.precision.trials import Limits, Measure, Trial
from actgen.program.program import Node, Program, topological
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
    exact: Program | None = None,
    never_wide: Collection[Node] = (),
) -> Chosen | None:
    """The choice for a program; the same at every run.

    A search sees few sets of parameters. What it finds is looked at with others, and the worst points of those where
    it is wrong are searched with, too. What is still wrong after some such rounds is not let go at all.

    Args:
        program: what the kernel computes.
        points: give the parameter sets.
        limits: of the results' errors.
        further: sets of parameters to look at.
        exact: the same functions, right in float64; otherwise the program is.
        never_wide: what float64 could not hold.

    Returns:
        The choice; None as soon as a node of `never_wide` would be in float64.
    """
    seen = columns(program, points)
    looks = [*(columns_along(program, parameters) for parameters in further), *dense(program, points)]
    moving = MovingZeros.of(program, joined([seen, *looks]))
    measure = Measure(program, exact or program, moving, limits or Limits.of(program))
    for _ in range(_ROUNDS):
        found = _found(measure, seen)
        if any(levels.get(n) is Level.WIDE for levels in (found.forward, found.partials) for n in never_wide):
            return None
        missed = _missed(measure, found, looks)
        if not missed:
            return found
        seen = joined([seen, *missed])
    if never_wide:
        return None
    return Chosen(_wide(program.forward.values()), _wide(program.partials.values()), candidates(program)[-1])


def moving_zeros(program: Program, points: Samples, further: Sequence[Mapping[str, float]] = ()) -> MovingZeros:
    """The zeros that move at the sets of parameters of a search, or at those with which it is looked at."""
    return MovingZeros.of(program, joined([columns(program, points), *(columns_along(program, p) for p in further)]))


def _missed(measure: Measure, found: Chosen, looks: Sequence[Mapping[str, Array]]) -> list[dict[str, Array]]:
    """Of each set of parameters at which some result is wrong, the points at which it is, or nearly so.

    Of several inputs those of the worst points are put together anew, too.
    """
    missed = []
    for look in looks:
        excess = _excess(measure.looser(), found, look)
        if excess.max(initial=0.0) <= 1 and len(measure.program.inputs) > 1:
            look = recombined(look, measure.program.inputs, excess)
            excess = _excess(measure.unlucky(), found, look)
        if excess.max(initial=0.0) > 1:
            worst = np.argsort(-excess, kind="stable")[:_ADDED]
            missed.append({n: column[worst[excess[worst] > _NEARLY]] for n, column in look.items()})
    return missed


def _excess(measure: Measure, found: Chosen, look: Mapping[str, Array]) -> Array:
    """The largest error of each row in parts of what is allowed; 0 where it is far."""
    near = ~found.far.rows(look)
    trials = measure.trials(look, found.far)
    whole = np.zeros(near.size)
    whole[near] = np.max(
        [t.excess(levels) for t, levels in zip(trials, (found.forward, found.partials), strict=True)], 0
    )
    return whole


def _found(measure: Measure, everywhere: dict[str, Array]) -> Chosen:
    first, *others = candidates(measure.program)
    far, trials = first, measure.trials(everywhere, first)
    for other in others:
        if all(trial.holds(close(trial.roots)) for trial in trials) or sum(t.spent for t in trials) > _DEAR:
            break
        far, trials = other, measure.trials(everywhere, other)
    forward, partials = (_search(trial) for trial in trials)
    return Chosen(forward, partials, far)


def _search(trial: Trial) -> Levels:
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


def _lowered(trial: Trial, levels: dict[Node, Level], goal: Levels) -> dict[Node, Level]:
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
