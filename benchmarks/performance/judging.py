"""Holds what was measured against the goals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from performance.goals import Bandwidth, Figure, Goal, Most, Ratio
from performance.results import Part, Parts, Row
from performance.subjects import SUBJECTS

FAILED = "FAILED"
_DIGITS = 3


class NotMeasuredError(Exception):
    """What a goal is about was not measured; the text says why."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A goal, and what came of it.

    Attributes:
        goal: the goal.
        value: what was measured; None if nothing was.
        met: whether that is enough, of a kernel that is not known to be inaccurate; None if nothing was measured.
        ours: what belongs to the value: our own time, where it is a ratio of times.
        peer: what a peer has.
        reason: why nothing was measured.
    """

    goal: Goal
    value: float | None = None
    met: bool | None = None
    ours: str = ""
    peer: str = ""
    reason: str = ""

    @property
    def wanted(self) -> str:
        """The goal, as a bound."""
        sign = "≥" if self.goal.sense == "at least" else "≤"
        return f"{sign} {self.goal.bound:g}{self.goal.unit}" if self.goal.bound else "0"

    @property
    def measured(self) -> str:
        """The value, rounded away from the goal, never towards it."""
        if self.value is None:
            return f"NOT RUN: {self.reason}"
        return rounded(self.value, up=self.goal.sense == "at most") + self.goal.unit + self.ours

    @property
    def word(self) -> str:
        """Whether it is met."""
        return {True: "yes", False: "**missed**", None: "NOT RUN"}[self.met]


def rounded(value: float, *, up: bool) -> str:
    """Three digits, rounded up or down."""
    context = Context(prec=_DIGITS, rounding=ROUND_CEILING if up else ROUND_FLOOR)
    return f"{float(context.create_decimal(Decimal(repr(value)))):g}"


def judged(goal: Goal, parts: Parts) -> Verdict:
    """The verdict on one goal."""
    measure = goal.measure
    try:
        part = parts.get(measure.device)
        if part is None:
            raise NotMeasuredError("no GPU" if measure.device == "cuda" else "nothing was measured yet")
        match measure:
            case Ratio():
                value, ours, peer = _ratio(measure, part)
            case Bandwidth():
                value, ours, peer = _bandwidth(measure, part)
            case Most():
                value, ours, peer = _most(measure, part)
            case Figure():
                value, ours, peer = _figure(measure, part)
    except NotMeasuredError as error:
        return Verdict(goal, reason=str(error))
    met = value >= goal.bound if goal.sense == "at least" else value <= goal.bound
    if isinstance(measure, Ratio | Bandwidth) and FAILED in part.certificates.get(measure.subject, ""):
        return Verdict(goal, value, False, f"{ours}; its certificate says {FAILED}", peer)
    return Verdict(goal, value, met, ours, peer)


def _ratio(measure: Ratio, part: Part) -> tuple[float, str, str]:
    asked = (part, measure.framework, measure.subject, measure.dtype, measure.size)
    ours = _row(*asked, measure.ours)[measure.column]
    peer = _row(*asked, measure.peer)[measure.column]
    return peer / ours, f" ({ours:.3g} ms)", f"{measure.peer} {peer:.3g} ms"


def _bandwidth(measure: Bandwidth, part: Part) -> tuple[float, str, str]:
    ours = _row(part, "torch", measure.subject, measure.dtype, measure.size, "actgen")
    same = part.of(framework="torch", subject=measure.subject, dtype=measure.dtype, size=measure.size)
    best = max((row for row in same if "actgen" not in row["candidate"]), key=_both_bw, default=None)
    return ours["both_bw"], "", f"{best['candidate']} {best['both_bw']:.3g}" if best else ""


def _both_bw(row: Row) -> float:
    return row["both_bw"]


def _most(measure: Most, part: Part) -> tuple[float, str, str]:
    def largest(candidate: str) -> Callable[[str], float]:
        return lambda name: _row(part, "torch", name, "float32", measure.size, candidate)[measure.column]

    names = [subject.name for subject in SUBJECTS]
    peer = max(map(largest("naive"), names))
    return max(map(largest("actgen"), names)), "", f"naive, up to {peer:.3g}"


def _figure(measure: Figure, part: Part) -> tuple[float, str, str]:
    found = part.figures.get(measure.key)
    if found is None:
        raise NotMeasuredError(part.missing.get(measure.key, "not in this run"))
    return found.value, "", found.peer


def _row(part: Part, framework: str, subject: str, dtype: str, size: int, candidate: str) -> Row:
    found = part.of(framework=framework, subject=subject, dtype=dtype, size=size, candidate=candidate)
    if not found:
        reasons = (part.missing.get(key) for key in (f"{framework} {subject}", framework))
        raise NotMeasuredError(next(filter(None, reasons), "not in this run"))
    return found[0]
