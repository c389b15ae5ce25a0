"""The search for the values that need float64: from all of them, group after group is let go, the dearest first.

A kernel in float32 throughout is the fastest. Where a result would then be wrong by more than the limits (digits cancel
beside a zero, an argument is rounded before an exponential, a factor vanishes before a product does) some values are
computed in float64. In float64 throughout the program is right, so there is always a choice that is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from actgen.formats import Array
from actgen.program.precision.mixed import errors_in_ulp, evaluate_mixed
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


@dataclass(frozen=True, slots=True)
class Limits:
    """Errors in ulp that results may have in the search; the promise is 4 and 8, and the search sees a sample."""

    value: float = 3.0
    partial: float = 6.0


@dataclass(frozen=True, slots=True)
class Wide:
    """The nodes that a float32 kernel computes in float64, for the outputs and, apart from them, for their partials."""

    forward: frozenset[Node]
    partials: frozenset[Node]


def wide_nodes(program: Program, points: Samples, limits: Limits | None = None) -> Wide:
    """The choice for a program that is right in float64; the same at every run.

    Args:
        program: what the kernel computes.
        points: give the parameter sets.
        limits: of the results' errors.
    """
    at, held = columns(program, points), limits or Limits()
    return Wide(
        _search(_Trial.of(tuple(program.forward.values()), at, held.value)),
        _search(_Trial.of(tuple(program.partials.values()), at, held.partial)),
    )


def _search(trial: _Trial) -> frozenset[Node]:
    if trial.holds(frozenset()):
        return frozenset()
    computed = [n for n in topological(trial.roots) if n.op not in ("arg", "const") and not n.is_bool]
    wide = frozenset(computed)
    groups = [sorted(computed, key=lambda n: -_COSTS.get(n.op, 1))]
    while groups and trial.spent < _BUDGET:
        group = groups.pop()
        if trial.holds(wide - {*group}):
            wide -= {*group}
        elif len(group) > 1:
            middle = len(group) // 2
            groups += [group[middle:], group[:middle]]
    return wide


@dataclass(slots=True)
class _Trial:
    roots: tuple[Node, ...]
    columns: dict[str, Array]
    truths: list[Array]
    limit: float
    spent: float = 0
    telling: list[int] = field(default_factory=list)
    """Points at which some choice was wrong: another one is likely to be wrong there too."""

    @classmethod
    def of(cls, roots: tuple[Node, ...], at: dict[str, Array], limit: float) -> _Trial:
        return cls(roots, at, evaluate_mixed(roots, at, tuple(topological(roots))), limit)

    def holds(self, wide: frozenset[Node]) -> bool:
        """Whether no result is wrong by more than its limit."""
        if self.telling:
            few = np.array(self.telling)
            at = {name: column[few] for name, column in self.columns.items()}
            if self._worst(wide, at, [truth[few] for truth in self.truths]) is not None:
                return False
        worst = self._worst(wide, self.columns, self.truths)
        if worst is not None:
            self.telling.append(worst)
        return worst is None

    def _worst(self, wide: frozenset[Node], at: dict[str, Array], truths: list[Array]) -> int | None:
        """The point at which the first wrong result is worst."""
        self.spent += len(next(iter(at.values()))) * len(evaluation_order(self.roots))
        for value, truth in zip(evaluate_mixed(self.roots, at, wide), truths, strict=True):
            errors = errors_in_ulp(value, truth)
            if errors.max() > self.limit:
                return int(errors.argmax())
        return None
