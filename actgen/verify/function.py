"""One output as a function of exact points: composed evaluation first, limits where that is not enough."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from flint import arb

from actgen.formula import Formula
from actgen.verify.balls import NAN, Exact, OutsideError, SingularError, UndecidedError, precision
from actgen.verify.composed import ANY, Composed, Outcome, Point, Target
from actgen.verify.limits import close, far, near
from actgen.verify.paths import Pace, magnitude, paths


class Function:
    """An output's formula, ready to be evaluated."""

    def __init__(self, formula: Formula, names: Sequence[str], inputs: int) -> None:
        """Args:
        formula: with every `let` put in.
        names: the variables, inputs first.
        inputs: how many of them are inputs.
        """
        self._composed = Composed(formula, names, inputs)
        self._used = self._composed.used

    def results(self, point: Point, targets: Sequence[Target]) -> list[arb | None]:
        """A ball for each target (not finite for ±inf and NaN); None where undecided."""
        special = self._hopeless(point)
        if special or self._endless(point):
            return [NAN if special else self._guarded(point, t) for t in targets]
        try:
            found = self._composed.at(point, targets)
        except OutsideError:
            return [NAN for _ in targets]
        except SingularError:
            return [self._guarded(point, t) for t in targets]
        except UndecidedError:
            return [self._alone(point, t) for t in targets] if len(targets) > 1 else [None]
        return [self._pick(found, point, t) for t in targets]

    def second(self, point: Point, first: int, other: int) -> arb:
        """A second derivative; composed, no limits."""
        return self._composed.second(point, first, other)

    def is_singular(self, point: Point, target: Target) -> bool:
        """Whether only limits, or a comparison of sides, can tell a result."""
        return self._composed.is_singular(point, target)

    def blur(self, point: Point, target: Target, bits: int) -> float:
        """How uncertain the formula's own text leaves a result when each step is rounded to `bits` bits."""
        return self._composed.blur(point, target, bits)

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

    def _pick(self, found: Outcome, point: Point, target: Target) -> arb | None:
        if target is None:
            return found.value
        if not found.is_delicate(target):
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
            found = self._composed.at(point, (target,))
        except SingularError:
            return self._singular(point, target)
        if target is None:
            return found.value
        if not found.is_delicate(target):
            ball = found.partials[target]
            assert ball is not None
            return ball
        return self._delicate(found, point, target)

    def _delicate(self, found: Outcome, point: Point, target: int) -> arb:
        """A partial where the target's variable can leave a tie, or meets an infinite slope."""
        composed = found.partials[target]
        smooth = composed is not None and not found.rough >> target & 1
        sides = self._sides(point, target, target)
        agreed = _common(sides) if sides else None
        if agreed is not None:
            return agreed
        if smooth and composed is not None:
            return composed
        return (
            self._inside(point, target, target)
            if sides
            else self._around(point, target, (v for v in self._used if v != target))
        )

    def _singular(self, point: Point, target: Target) -> arb:
        return self._around(point, target, self._used)

    def _around(self, point: Point, target: Target, variables: Iterable[int]) -> arb:
        """The limit that is the same along each variable by which the point can be left; NaN where there is none."""
        limits = [self._along_one(point, target, variable) for variable in variables]
        reached = [limit for limit in limits if limit is not None]
        agreed = _common(reached) if reached else None
        return NAN if agreed is None else agreed

    def _along_one(self, point: Point, target: Target, variable: int) -> arb | None:
        """The limit along a variable, NaN where the sides differ; None where neither can be reached."""
        sides = self._sides(point, target, variable)
        if not sides:
            return None
        agreed = _common(sides)
        return self._inside(point, target, variable) if agreed is None else agreed

    def _inside(self, point: Point, target: Target, variable: int) -> arb:
        """The limit from the sides on which the pieces hold that hold at the point; NaN where there is none."""
        sides = self._sides(point, target, variable, self._composed.taken(point))
        agreed = _common(sides) if sides else None
        return NAN if agreed is None else agreed

    def _sides(self, point: Point, target: Target, variable: int, wanted: Mapping[int, int] = ANY) -> list[arb]:
        """The limits of a component along a variable, from each side that can be reached with the `wanted` pieces."""
        here = Fraction(point[variable])
        stretch = 4 * max(magnitude(point[i]) for i in self._used)

        def sample(distance: Fraction) -> arb:
            moved = (*point[:variable], here + distance, *point[variable + 1 :])
            found = self._composed.at(moved, (target,), wanted)
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

        limit = far(
            lambda t: self._component(place(t), target), 1, shallow=self._composed.is_singular(place(_PROBE), target)
        )
        if not isinstance(limit, arb):
            raise OutsideError
        return limit


_PROBE = Fraction(0x13D7F, 2**9)


def _common(limits: Sequence[arb]) -> arb | None:
    """The limit that all share; None if they differ or one does not exist."""
    first = limits[0]
    with precision(256):
        if first.is_nan() or not all(close(first, other) for other in limits[1:]):
            return None
    return limits[-1]
