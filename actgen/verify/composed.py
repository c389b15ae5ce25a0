"""One output at exact points, by composing the pieces that are chosen there: no limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from flint import arb

from actgen.formula import Formula
from actgen.verify.balls import Exact, OutsideError, SingularError, UndecidedError, accurate, precision
from actgen.verify.evaluation import Evaluation, start
from actgen.verify.graph import GraphBuilder
from actgen.verify.jets import Algebra, First, Second
from actgen.verify.paths import mantissa
from actgen.verify.rules import RULES

Target: TypeAlias = int | None
"""A variable's index, or None for the value itself."""
Point: TypeAlias = Sequence[Exact]

_T = TypeVar("_T")

_START = 128
_GROWTH = 3
_CEILING = 12_000
_FIRST = First()
_SECOND = Second()
ANY: Mapping[int, int] = {}
"""Whatever pieces a point has."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What composing the chosen pieces gives at a point.

    Attributes:
        value: of the output.
        partials: by variable; None: does not depend.
        tied: bit i is set where a tie was met that moving variable i could leave.
        rough: bit i is set where a derivative by variable i met an infinite slope.
    """

    value: arb
    partials: tuple[arb | None, ...]
    tied: int
    rough: int

    def is_delicate(self, variable: int) -> bool:
        """Whether the derivative by a variable takes a look at its sides."""
        return bool((self.tied | self.rough) >> variable & 1)


class Composed:
    """An output's formula as it stands."""

    def __init__(self, formula: Formula, names: Sequence[str], inputs: int) -> None:
        """Args:
        formula: with every `let` put in.
        names: the variables, inputs first.
        inputs: how many of them are inputs.
        """
        self._root = GraphBuilder({name: i for i, name in enumerate(names)}).vertex(formula)
        self._count = len(names)
        self._inputs = (1 << inputs) - 1
        self.used = [i for i in range(len(names)) if self._root.mask >> i & 1]
        self._lines = [tuple(1.0 if j == i else 0.0 for j in range(len(names))) for i in range(len(names))]

    def at(self, point: Point, targets: Sequence[Target], wanted: Mapping[int, int] = ANY) -> Outcome:
        """Value and partials, as far as they are among the targets; `wanted` as in `Evaluation`.

        Raises:
            UndecidedError, SingularError, OutsideError.
        """
        moving = tuple(t for t in targets if t is not None)

        def outcome(run: Evaluation) -> Outcome | None:
            value, entries = run.jet(self._root)
            if None in targets and not accurate(value, run.final):
                return None
            partials: list[arb | None] = [None] * self._count
            for index, entry in zip(moving, entries, strict=True):
                ball = arb(0) if entry is None else entry
                if not run.rough >> index & 1 and not accurate(ball, run.final):
                    return None
                partials[index] = ball
            return Outcome(value, tuple(partials), run.tied, run.rough)

        return self._search(point, tuple(self._lines[i] for i in moving), _FIRST, outcome, wanted)

    def second(self, point: Point, first: int, other: int) -> arb:
        """A second derivative, by Taylor coefficients along lines; composed, no limits."""
        if first == other:
            return 2 * self._curve(point, self._lines[first])
        both = tuple(a + b for a, b in zip(self._lines[first], self._lines[other], strict=True))
        across = tuple(a - b for a, b in zip(self._lines[first], self._lines[other], strict=True))
        return (self._curve(point, both) - self._curve(point, across)) / 2

    def blur(self, point: Point, target: Target, bits: int) -> float:
        """How uncertain the formula's own text leaves a result when each step is rounded to `bits` bits.

        Exponents have no bounds in this. 0 where the steps do not decide.
        """
        lines = () if target is None else (self._lines[target],)
        with precision(bits):
            run = start(RULES, _FIRST, point, lines, self._inputs, final=True, wanted={})
            try:
                value, entries = run.jet(self._root)
            except (UndecidedError, SingularError, OutsideError):
                return 0.0
        ball = value if target is None else entries[0]
        return 0.0 if ball is None else float(ball.rad())

    def _curve(self, point: Point, line: Sequence[float]) -> arb:
        def outcome(run: Evaluation) -> arb | None:
            (entry,) = run.jet(self._root)[1]
            ball = arb(0) if entry is None else entry[1]
            return ball if accurate(ball, run.final) else None

        return self._search(point, (line,), _SECOND, outcome)

    def taken(self, point: Point) -> Mapping[int, int]:
        """The pieces that hold at a point."""
        run: Evaluation | None = None

        def outcome(current: Evaluation) -> Evaluation:
            nonlocal run
            run = current
            current.jet(self._root)
            return current

        try:
            return self._search(point, (), _FIRST, outcome).taken
        except (SingularError, OutsideError):
            return run.taken if run else ANY

    def is_singular(self, point: Point, target: Target) -> bool:
        """Whether only limits can tell the result."""
        try:
            found = self.at(point, (target,))
        except SingularError:
            return True
        except (UndecidedError, OutsideError):
            return False
        return target is not None and found.is_delicate(target)

    def _search(
        self,
        point: Point,
        lines: Sequence[Sequence[float]],
        algebra: Algebra,
        outcome: Callable[[Evaluation], _T | None],
        wanted: Mapping[int, int] = ANY,
    ) -> _T:
        """Raises the precision until `outcome` is content; for `wanted` see `Evaluation`."""
        bits = _START + sum(mantissa(point[i]) for i in self.used)
        ceiling = max(_CEILING, 12 * bits)
        while True:
            with precision(bits):
                run = start(RULES, algebra, point, lines, self._inputs, final=bits >= ceiling, wanted=wanted)
                try:
                    found = outcome(run)
                except UndecidedError:
                    found = None
            if found is not None:
                return found
            if bits >= ceiling:
                raise UndecidedError
            bits = min(bits * _GROWTH, ceiling)
