"""Truth: values and derivatives of the formula as it was written, by Taylor arithmetic over balls.

The oracle reads the formula tree and nothing else. An ordinary point takes one evaluation at a precision that is
raised until the result rounds. At breakpoints, kinks, removable singularities, poles, edges and infinities it takes
limits (`limits.py`) and combines them by the rules of the spec format:

- a derivative at a kink or breakpoint is the one-sided derivatives' common value if they agree, else what composing
  the chosen pieces gives; a side without real values does not count;
- where the composed form has no finite value, value and derivative are the limit along the variable that leads out
  of the singular set (the one differentiated by first, then inputs, then parameters), NaN where the sides differ;
- at ±∞ the limit along that coordinate; several infinite coordinates must agree along several paths;
- NaN in, NaN out; no real value, NaN.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from flint import arb

from actgen.activation import Activation
from actgen.verify.balls import UndecidedError, rounded
from actgen.verify.function import Function

At: TypeAlias = Mapping[str, "float | np.ndarray"]


@dataclass(frozen=True, slots=True)
class Truth:
    """Exact results at many points: hi + lo to some 100 bits, hi the nearest float64.

    `decided` is False where the precision limit did not decide; hi is NaN there.
    """

    hi: np.ndarray
    lo: np.ndarray
    decided: np.ndarray


@dataclass(slots=True)
class Oracle:
    """Truth about one activation."""

    activation: Activation
    _functions: dict[str, Function] = field(default_factory=dict)

    def value(self, output: str, at: Mapping[str, float]) -> float:
        """The float64 nearest to the output at a point; NaN where there is no value.

        Args:
            output: the output's name.
            at: each input's value, and the parameters that are not nominal.

        Raises:
            UndecidedError: if the precision limit does not decide.
        """
        return rounded(self.enclosure(output, None, at))[0]

    def partial(self, output: str, wrt: str, at: Mapping[str, float]) -> float:
        """The float64 nearest to a first derivative; otherwise as `value`."""
        return rounded(self.enclosure(output, wrt, at))[0]

    def second(self, output: str, first: str, second: str, at: Mapping[str, float]) -> float:
        """The float64 nearest to a second derivative, away from kinks and singularities.

        Raises:
            UndecidedError: if the precision limit does not decide.
            SingularError, OutsideError: where the composed form has no value.
        """
        return rounded(self.slope(output, first, second, at))[0]

    def slope(self, output: str, first: str | None, second: str, at: Mapping[str, float]) -> arb:
        """The derivative by `second` of the value (`first` None) or of a partial; raises as `second` does."""
        if first is None:
            return self.enclosure(output, second, at)
        return self._function(output).second(self._point(at), self._index(first), self._index(second))

    def enclosure(self, output: str, wrt: str | None, at: Mapping[str, float]) -> arb:
        """A ball around the value (`wrt` None) or a partial; not finite for ±inf and NaN."""
        (ball,) = self._function(output).results(self._point(at), (None if wrt is None else self._index(wrt),))
        if ball is None:
            raise UndecidedError
        return ball

    def blur(self, output: str, wrt: str | None, at: Mapping[str, float], bits: int) -> float:
        """How uncertain the formula's own text leaves a result when each step is rounded to `bits` bits."""
        return self._function(output).blur(self._point(at), None if wrt is None else self._index(wrt), bits)

    def is_singular(self, output: str, wrt: str | None, at: Mapping[str, float]) -> bool:
        """Whether only limits, or a comparison of sides, can tell a result."""
        return self._function(output).is_singular(self._point(at), None if wrt is None else self._index(wrt))

    def values(self, output: str, wrt: str | None, at: At) -> Truth:
        """The value (`wrt` None) or a partial at many points."""
        return self.table(output, (wrt,), at)[wrt]

    def table(self, output: str, wrts: Iterable[str | None], at: At) -> dict[str | None, Truth]:
        """Several results at many points, sharing the work.

        Args:
            output: the output's name.
            wrts: variables to differentiate by; None is the value itself.
            at: arrays of one shape, or numbers; parameters that are missing are nominal.
        """
        wanted = tuple(wrts)
        function = self._function(output)
        targets = tuple(None if wrt is None else self._index(wrt) for wrt in wanted)
        columns = self._columns(at)
        size = max((len(c) for c in columns), default=1)
        full = [c if len(c) == size else c * size for c in columns]
        pairs = [[(math.nan, math.nan)] * size for _ in targets]
        decided = np.ones((len(targets), size), dtype=bool)
        for place, point in enumerate(zip(*full, strict=True)):
            for row, ball in enumerate(function.results(point, targets)):
                if ball is None:
                    decided[row, place] = False
                else:
                    pairs[row][place] = rounded(ball)
        split = [np.array(row, dtype=np.float64).reshape(-1, 2) for row in pairs]
        return {w: Truth(split[i][:, 0], split[i][:, 1], decided[i]) for i, w in enumerate(wanted)}

    def _function(self, output: str) -> Function:
        found = self._functions.get(output)
        if found is None:
            declared = {o.name: o for o in self.activation.outputs}[output]
            names = tuple(v.name for v in self.activation.variables)
            formula = self.activation.resolved(declared)
            found = self._functions[output] = Function(formula, names, len(self.activation.inputs))
        return found

    def _index(self, name: str) -> int:
        return [v.name for v in self.activation.variables].index(name)

    def _point(self, at: Mapping[str, float]) -> tuple[float, ...]:
        values = {**self.activation.nominal(), **at}
        return tuple(float(values[v.name]) for v in self.activation.variables)

    def _columns(self, at: At) -> list[list[float]]:
        values: dict[str, float | np.ndarray] = {**self.activation.nominal(), **at}
        return [np.atleast_1d(np.asarray(values[v.name], dtype=np.float64)).tolist() for v in self.activation.variables]
