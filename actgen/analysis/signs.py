"""The signs of a curve over all of its segments."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from actgen.analysis.curve import Curve, Segment
from actgen.analysis.isolation import Stretch, chart
from actgen.analysis.numbers import Number
from actgen.analysis.oscillation import oscillation
from actgen.analysis.undecided import UndecidedError


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of a curve over all its segments, and its zeros inside of them."""

    stretches: tuple[tuple[Segment, Stretch], ...]
    zeros: tuple[tuple[Segment, Number], ...]
    gap: str | None
    period: sp.Expr | None = None
    is_endless: bool = False

    def has_turns(self) -> bool:
        """Whether both signs occur."""
        return self.is_endless or {1, -1} <= {t.sign for _, t in self.stretches}


def signs(curve: Curve) -> Signs:
    """The signs of a function on every segment; `gap` says what was not decided, or that they change without end."""
    stretches: list[tuple[Segment, Stretch]] = []
    zeros: list[tuple[Segment, Number]] = []
    gap = None
    for segment in curve.segments:
        found = chart(segment.value, curve.variable, segment.low, segment.high)
        stretches += [(segment, s) for s in found.stretches]
        zeros += [(segment, z) for z in found.zeros]
        gap = gap or found.gap
    endless = None if gap is None else _endless(curve)
    return Signs(tuple(stretches), tuple(zeros), endless or gap, curve.period, endless is not None)


def _endless(curve: Curve) -> str | None:
    """At which end the function is proved to change its sign again and again; None if at none."""
    for end, segment in (("-∞", curve.segments[0]), ("∞", curve.segments[-1])):
        place = segment.low if end == "-∞" else segment.high
        try:
            if place.is_infinite and oscillation(segment.value, curve.variable, place).changes_sign():
                return f"there is no end of them as x goes to {end}"
        except UndecidedError:
            continue
    return None
