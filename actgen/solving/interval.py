"""Every zero of a square system in a box: bisection, and Krawczyk's test for existence and uniqueness.

R. Krawczyk, Newton-Algorithmen zur Bestimmung von Nullstellen mit Fehlerschranken, 1969; each box is inflated a little
before it is tested, so that a zero on the edge between two boxes is found by one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import flint
import sympy as sp

from actgen.solving.balls import Values, enclosure

Box = tuple[flint.arb, ...]
MAX_BOXES = 4000
_REFINEMENTS = 12
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


class _Search:
    def __init__(self, equations: Sequence[sp.Expr], unknowns: Sequence[sp.Symbol], constants: Values) -> None:
        self.equations, self.unknowns, self.constants = tuple(equations), tuple(unknowns), constants
        self.slopes = [[sp.diff(e, u) for u in unknowns] for e in equations]
        self.found: list[tuple[Box, Box]] = []  # where it is the only one, and where it lies

    def run(self, whole: Box) -> Isolated:
        stack, count, complete = [whole], 0, True
        while stack and count < MAX_BOXES:
            box, count = stack.pop(), count + 1
            if self._excluded(box):
                continue
            unique = self._only_zero(box)
            if unique is not None:
                self._add(*unique)
                continue
            narrowed = self._narrowed(box)
            if narrowed is None:
                continue
            if all(side.rad() < _SMALLEST for side in narrowed):
                complete = False
                continue
            stack += _halves(narrowed)
        return Isolated(tuple(sorted((z for _, z in self.found), key=_middle)), complete and not stack)

    def _values(self, equations: Sequence[sp.Expr], box: Box) -> list[flint.arb]:
        values = {**self.constants, **dict(zip(self.unknowns, box, strict=True))}
        return [enclosure(e, values) for e in equations]

    def _excluded(self, box: Box) -> bool:
        return any(not v.contains(0) and v.is_finite() for v in self._values(self.equations, box))

    def _image(self, box: Box) -> Box | None:
        """Krawczyk's operator; None where the slopes are not known or the midpoint's have no inverse."""
        middle = tuple(side.mid() for side in box)
        at_middle = [self._values(row, middle) for row in self.slopes]
        try:
            inverse = flint.arb_mat([[v.mid() for v in row] for row in at_middle]).inv()
        except (ZeroDivisionError, ValueError):
            return None
        inverse = flint.arb_mat([[v.mid() for v in row] for row in inverse.table()])
        slopes = flint.arb_mat([self._values(row, box) for row in self.slopes])
        size = len(box)
        identity = flint.arb_mat([[int(i == j) for j in range(size)] for i in range(size)])
        rests = flint.arb_mat([[a - m] for a, m in zip(box, middle, strict=True)])
        step = inverse * flint.arb_mat([[v] for v in self._values(self.equations, middle)])
        spread = (identity - inverse * slopes) * rests
        image = tuple(m - step[i, 0] + spread[i, 0] for i, m in enumerate(middle))
        return image if all(side.is_finite() for side in image) else None

    def _only_zero(self, box: Box) -> tuple[Box, Box] | None:
        wider = tuple(flint.arb(side.mid(), (side.rad() * 1.125).upper() + _SMALLEST) for side in box)
        image = self._image(wider)
        if image is None or not all(w.contains_interior(i) for w, i in zip(wider, image, strict=True)):
            return None
        for _ in range(_REFINEMENTS):
            further = self._image(image)
            if further is None:
                break
            image = tuple(a.intersection(b) for a, b in zip(image, further, strict=True))
        return wider, image

    def _add(self, wider: Box, zero: Box) -> None:
        for others_place, other in self.found:
            within_other = all(a.contains(b) for a, b in zip(others_place, zero, strict=True))
            within_this = all(a.contains(b) for a, b in zip(wider, other, strict=True))
            if within_other or within_this:
                return
        self.found.append((wider, zero))

    def _narrowed(self, box: Box) -> Box | None:
        """The box without what holds no zero; None if nothing is left."""
        image = self._image(box)
        if image is None:
            return box
        if not all(a.overlaps(b) for a, b in zip(box, image, strict=True)):
            return None
        return tuple(a.intersection(b) for a, b in zip(box, image, strict=True))


def _halves(box: Box) -> list[Box]:
    widest = max(range(len(box)), key=lambda i: float(box[i].rad()))
    low, high, middle = box[widest].lower(), box[widest].upper(), box[widest].mid()
    return [(*box[:widest], part, *box[widest + 1 :]) for part in (low.union(middle), middle.union(high))]


def _middle(box: Box) -> tuple[float, ...]:
    return tuple(float(side.mid()) for side in box)
