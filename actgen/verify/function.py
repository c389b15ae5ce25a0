"""One output as a function of exact points: ordinary evaluation first, limits where that is not enough."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, TypeVar

from flint import arb

from actgen.formula import Formula
from actgen.verify.balls import (
    NAN,
    Exact,
    OutsideError,
    SingularError,
    UndecidedError,
    accurate,
    precision,
)
from actgen.verify.evaluation import Evaluation, start
from actgen.verify.graph import GraphBuilder
from actgen.verify.jets import Algebra, First, Second
from actgen.verify.limits import close, far, near
from actgen.verify.paths import Pace, magnitude, mantissa, paths

Target: TypeAlias = int | None
"""A variable's index, or None for the value itself."""
Point: TypeAlias = Sequence[Exact]

_T = TypeVar("_T")

_START = 128
_GROWTH = 3
_CEILING = 12_000
_FIRST = First()
_SECOND = Second()


@dataclass(frozen=True, slots=True)
class _Ordinary:
    """What composing the chosen pieces gives at a point."""

    value: arb
    partials: tuple[arb | None, ...]  # None: does not depend
    tied: int
    rough: int


_ANY: Mapping[int, int] = {}


class Function:
    """An output's formula, ready to be evaluated."""

    def __init__(self, formula: Formula, names: Sequence[str], inputs: int) -> None:
        """Args:
        formula: with every `let` put in.
        names: the variables, inputs first.
        inputs: how many of them are inputs.
        """
        self._root = GraphBuilder({name: i for i, name in enumerate(names)}).vertex(formula)
        self._count = len(names)
        self._inputs = (1 << inputs) - 1
        self._used = [i for i in range(len(names)) if self._root.mask >> i & 1]
        self._lines = [tuple(1.0 if j == i else 0.0 for j in range(len(names))) for i in range(len(names))]

    def results(self, point: Point, targets: Sequence[Target]) -> list[arb | None]:
        """A ball for each target (not finite for ±inf and NaN); None where undecided."""
        special = self._hopeless(point)
        if special or self._endless(point):
            return [NAN if special else self._guarded(point, t) for t in targets]
        try:
            found = self._ordinary(point, targets)
        except OutsideError:
            return [NAN for _ in targets]
        except SingularError:
            return [self._guarded(point, t) for t in targets]
        except UndecidedError:
            return [self._alone(point, t) for t in targets] if len(targets) > 1 else [None]
        return [self._pick(found, point, t) for t in targets]

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
            run = start(_FIRST, point, lines, self._inputs, final=True, wanted={})
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

    def _hopeless(self, point: Point) -> bool:
        return any(math.isnan(point[i]) for i in self._used if isinstance(point[i], float))

    def _endless(self, point: Point) -> list[int]:
        return [i for i in self._used if isinstance(point[i], float) and math.isinf(point[i])]

    def _alone(self, point: Point, target: Target) -> arb | None:
        return self.results(point, (target,))[0]

    def _guarded(self, point: Point, target: Target) -> arb | None:
        try:
            return self._component(point, target)
        except UndecidedError:
            return None
        except (SingularError, OutsideError):
            return NAN

    def _pick(self, found: _Ordinary, point: Point, target: Target) -> arb | None:
        if target is None:
            return found.value
        if not (found.tied | found.rough) >> target & 1:
            return found.partials[target]
        try:
            return self._delicate(found, point, target)
        except UndecidedError:
            return None

    def _component(self, point: Point, target: Target) -> arb:
        """A result at any point.

        Raises:
            UndecidedError, SingularError (no way out of the singular set), OutsideError.
        """
        endless = self._endless(point)
        if endless:
            return self._at_infinity(point, target, endless)
        try:
            found = self._ordinary(point, (target,))
        except SingularError:
            return self._singular(point, target)
        if target is None:
            return found.value
        if not (found.tied | found.rough) >> target & 1:
            ball = found.partials[target]
            assert ball is not None
            return ball
        return self._delicate(found, point, target)

    def _ordinary(self, point: Point, targets: Sequence[Target], wanted: Mapping[int, int] = _ANY) -> _Ordinary:
        moving = tuple(t for t in targets if t is not None)

        def outcome(run: Evaluation) -> _Ordinary | None:
            value, entries = run.jet(self._root)
            if None in targets and not accurate(value, run.final):
                return None
            partials: list[arb | None] = [None] * self._count
            for index, entry in zip(moving, entries, strict=True):
                ball = arb(0) if entry is None else entry
                if not run.rough >> index & 1 and not accurate(ball, run.final):
                    return None
                partials[index] = ball
            return _Ordinary(value, tuple(partials), run.tied, run.rough)

        return self._search(point, tuple(self._lines[i] for i in moving), _FIRST, outcome, wanted)

    def _search(
        self,
        point: Point,
        lines: Sequence[Sequence[float]],
        algebra: Algebra,
        outcome: Callable[[Evaluation], _T | None],
        wanted: Mapping[int, int] = _ANY,
    ) -> _T:
        """Raises the precision until `outcome` is content; for `wanted` see `Evaluation`."""
        bits = _START + sum(mantissa(point[i]) for i in self._used)
        ceiling = max(_CEILING, 12 * bits)
        while True:
            with precision(bits):
                run = start(algebra, point, lines, self._inputs, final=bits >= ceiling, wanted=wanted)
                try:
                    found = outcome(run)
                except UndecidedError:
                    found = None
            if found is not None:
                return found
            if bits >= ceiling:
                raise UndecidedError
            bits = min(bits * _GROWTH, ceiling)

    def _delicate(self, found: _Ordinary, point: Point, target: int) -> arb:
        """A partial where the target's variable can leave a tie, or meets an infinite slope."""
        composed = found.partials[target]
        smooth = composed is not None and not found.rough >> target & 1
        sides = self._sides(point, target, target)
        agreed = _common(sides) if sides else None
        if agreed is not None:
            return agreed
        if smooth and composed is not None:
            return composed
        return self._inside(point, target, target) if sides else self._elsewhere(point, target, skip=target)

    def _singular(self, point: Point, target: Target) -> arb:
        if target is not None:
            found = self._along_one(point, target, target)
            if found is not None:
                return found
        return self._elsewhere(point, target, skip=target)

    def _elsewhere(self, point: Point, target: Target, skip: Target) -> arb:
        moved = (self._along_one(point, target, variable) for variable in self._used if variable != skip)
        return next((limit for limit in moved if limit is not None), NAN)

    def _along_one(self, point: Point, target: Target, variable: int) -> arb | None:
        """The limit along a variable, NaN where the sides differ; None where neither can be reached."""
        sides = self._sides(point, target, variable)
        if not sides:
            return None
        agreed = _common(sides)
        return self._inside(point, target, variable) if agreed is None else agreed

    def _inside(self, point: Point, target: Target, variable: int) -> arb:
        """The limit from the sides on which the pieces hold that hold at the point; NaN where there is none."""
        sides = self._sides(point, target, variable, self._taken(point))
        agreed = _common(sides) if sides else None
        return NAN if agreed is None else agreed

    def _taken(self, point: Point) -> Mapping[int, int]:
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
            return run.taken if run else _ANY

    def _sides(self, point: Point, target: Target, variable: int, wanted: Mapping[int, int] = _ANY) -> list[arb]:
        """The limits of a component along a variable, from each side that can be reached with the `wanted` pieces."""
        here = Fraction(point[variable])
        stretch = 4 * max(magnitude(point[i]) for i in self._used)

        def sample(distance: Fraction) -> arb:
            moved = (*point[:variable], here + distance, *point[variable + 1 :])
            found = self._ordinary(moved, (target,), wanted)
            ball = found.value if target is None else found.partials[target]
            if target is not None and found.rough >> target & 1:
                raise SingularError
            assert ball is not None
            return ball

        limits = (near(sample, sign, stretch) for sign in (-1, 1))
        return [limit for limit in limits if isinstance(limit, arb)]

    def _at_infinity(self, point: Point, target: Target, endless: Sequence[int]) -> arb:
        found = [self._along(point, target, dict(zip(endless, path, strict=True))) for path in paths(len(endless))]
        agreed = _common(found)
        return NAN if agreed is None else agreed

    def _along(self, point: Point, target: Target, path: dict[int, Pace]) -> arb:
        def place(t: Fraction) -> tuple[Exact, ...]:
            return tuple((1 if value > 0 else -1) * path[i](t) if i in path else value for i, value in enumerate(point))

        limit = far(lambda t: self._component(place(t), target), 1, shallow=self._is_singular(place(_PROBE), target))
        if not isinstance(limit, arb):
            raise OutsideError
        return limit

    def _is_singular(self, point: Point, target: Target) -> bool:
        try:
            found = self._ordinary(point, (target,))
        except SingularError:
            return True
        except (UndecidedError, OutsideError):
            return False
        return target is not None and bool((found.rough | found.tied) >> target & 1)


_PROBE = Fraction(0x13D7F, 2**9)


def _common(limits: Sequence[arb]) -> arb | None:
    """The limit that all share; None if they differ or one does not exist."""
    first = limits[0]
    with precision(256):
        if first.is_nan() or not all(close(first, other) for other in limits[1:]):
            return None
    return limits[-1]
