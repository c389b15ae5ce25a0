"""Every zero of a square system in a box: bisection, and Krawczyk's test for existence and uniqueness.

R. Krawczyk, Newton-Algorithmen zur Bestimmung von Nullstellen mit Fehlerschranken, 1969; each box is inflated a little
before it is tested, so that a zero on the edge between two boxes is found by one of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import flint
import sympy as sp

from actgen.solving.average import Average
from actgen.solving.balls import BITS, Values, enclosure

Box = tuple[flint.arb, ...]
MAX_BOXES = 4000
MAX_AVERAGED = 400
_REFINEMENTS = 60
_SHRINKS = flint.arb(1.02)
_ROUGH = 40
_SMALLEST = flint.arb(2) ** -60


@dataclass(frozen=True, slots=True)
class Isolated:
    """The zeros, each in a small box that holds exactly one; `complete` if there is proved to be no other."""

    zeros: tuple[Box, ...]
    complete: bool


def isolate(equations: Sequence[sp.Expr], unknowns: Sequence[sp.Symbol], constants: Values, box: Box) -> Isolated:
    """The zeros in a box of as many equations as unknowns.

    Args:
        equations: expressions that are to vanish.
        unknowns: their variables.
        constants: balls for all other symbols.
        box: where to search, finite.
    """
    return _Search(equations, unknowns, constants).run(box)


@dataclass(frozen=True, slots=True)
class _Linear:
    """The system over a box as its values at the middle and its slopes."""

    middle: Box
    values: list[flint.arb]
    slopes: list[list[flint.arb]]

    def excludes(self, box: Box) -> bool:
        """Whether the mean value form of an equation has no zero."""
        return any(
            v.is_finite() and not v.contains(0)
            for value, row in zip(self.values, self.slopes, strict=True)
            for v in [value + sum((s * (a - m) for s, a, m in zip(row, box, self.middle, strict=True)), flint.arb(0))]
        )

    def image(self, box: Box) -> Box | None:
        """Krawczyk's operator; None where the slopes are not known or have no inverse in the middle."""
        if not all(s.is_finite() for row in self.slopes for s in row):
            return None
        try:
            inverse = flint.arb_mat([[s.mid() for s in row] for row in self.slopes]).inv()
        except (ZeroDivisionError, ValueError):
            return None
        inverse = flint.arb_mat([[v.mid() for v in row] for row in inverse.table()])
        size = len(box)
        identity = flint.arb_mat([[int(i == j) for j in range(size)] for i in range(size)])
        rests = flint.arb_mat([[a - m] for a, m in zip(box, self.middle, strict=True)])
        step = inverse * flint.arb_mat([[v] for v in self.values])
        spread = (identity - inverse * flint.arb_mat(self.slopes)) * rests
        image = tuple(m - step[i, 0] + spread[i, 0] for i, m in enumerate(self.middle))
        return image if all(side.is_finite() for side in image) else None


class _Search:
    def __init__(self, equations: Sequence[sp.Expr], unknowns: Sequence[sp.Symbol], constants: Values) -> None:
        self.equations, self.unknowns, self.constants = tuple(equations), tuple(unknowns), constants
        self.slopes = [[sp.diff(e, u) for u in unknowns] for e in equations]
        self.found: list[tuple[Box, Box]] = []  # where it is the only one, and where it lies
        self.budget = MAX_AVERAGED if any(e.has(Average) for e in equations) else MAX_BOXES

    def run(self, whole: Box) -> Isolated:
        waiting, count, complete = deque([whole]), 0, True  # wide boxes first: a place not decided hides no zero
        while waiting and count < self.budget:
            box, count = waiting.popleft(), count + 1
            if self._within_found(box) or self._excluded(box):
                continue
            linear = self._linear(box)
            if linear.excludes(box):
                continue
            image = linear.image(box)
            if image is not None and not all(a.overlaps(b) for a, b in zip(box, image, strict=True)):
                continue
            if image is not None and all(i.rad() < a.rad() for i, a in zip(image, box, strict=True)):
                unique = self._only_zero(box)
                if unique is not None:
                    self._add(*unique)
                    continue
            if all(side.rad() < _SMALLEST for side in box):
                complete = False
                continue
            waiting += _halves(box)
        return Isolated(tuple(sorted((z for _, z in self.found), key=_middle)), complete and not waiting)

    def _values(self, equations: Sequence[sp.Expr], box: Box, bits: int) -> list[flint.arb]:
        values = {**self.constants, **dict(zip(self.unknowns, box, strict=True))}
        return [enclosure(e, values, bits) for e in equations]

    def _within_found(self, box: Box) -> bool:
        return any(all(a.contains(b) for a, b in zip(place, box, strict=True)) for place, _ in self.found)

    def _excluded(self, box: Box) -> bool:
        return any(not v.contains(0) and v.is_finite() for v in self._values(self.equations, box, _ROUGH))

    def _linear(self, box: Box, bits: int = _ROUGH) -> _Linear:
        middle = tuple(side.mid() for side in box)
        values = self._values(self.equations, middle, bits)
        return _Linear(middle, values, [self._values(row, box, _ROUGH) for row in self.slopes])

    def _only_zero(self, box: Box) -> tuple[Box, Box] | None:
        wider = tuple(flint.arb(side.mid(), (side.rad() * 1.125).upper() + _SMALLEST) for side in box)
        image = self._linear(wider).image(wider)
        if image is None or not all(w.contains_interior(i) for w, i in zip(wider, image, strict=True)):
            return None
        for _ in range(_REFINEMENTS):
            further = self._linear(image, BITS).image(image)
            if further is None:
                break
            before, image = image, tuple(a.intersection(b) for a, b in zip(image, further, strict=True))
            if all(a.rad() * _SHRINKS > b.rad() for a, b in zip(image, before, strict=True)):
                break
        return wider, image

    def _add(self, wider: Box, zero: Box) -> None:
        for others_place, other in self.found:
            within_other = all(a.contains(b) for a, b in zip(others_place, zero, strict=True))
            within_this = all(a.contains(b) for a, b in zip(wider, other, strict=True))
            if within_other or within_this:
                return
        self.found.append((wider, zero))


def _halves(box: Box) -> list[Box]:
    widest = max(range(len(box)), key=lambda i: float(box[i].rad()))
    middle, half = box[widest].mid(), box[widest].rad() / 2  # exact, so that an end at a bound stays there
    return [(*box[:widest], flint.arb(middle + to * half, half), *box[widest + 1 :]) for to in (-1, 1)]


def _middle(box: Box) -> tuple[float, ...]:
    return tuple(float(side.mid()) for side in box)
