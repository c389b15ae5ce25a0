"""What may be required of an output, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from actgen.activation import Smoothness
from actgen.diagnostics import Span
from actgen.formula import Formula


class Moment(Enum):
    """A quantity under a standard normal input z, by its name in requirements."""

    MEAN = "mean"
    VARIANCE = "variance"
    STD = "std"
    SECOND_MOMENT = "second_moment"
    SLOPE_MEAN = "slope_mean"
    SLOPE_MOMENT = "slope_moment"
    GAIN = "gain"


@dataclass(frozen=True, slots=True)
class Smooth:
    """The output is at least this smooth at a place; without one, at every breakpoint."""

    output: str
    level: Smoothness
    place: Formula | None
    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ValueAt:
    """The derivative of this order (0 is the function itself) has a value at a place."""

    output: str
    order: int
    place: Formula
    value: Formula
    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class LimitAt:
    """The function tends to a value at ∞ (side 1) or at -∞ (side -1)."""

    output: str
    side: int
    value: Formula
    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class MomentIs:
    """A moment has a value."""

    output: str
    moment: Moment
    value: Formula
    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Symmetric:
    """The function is even (sign 1) or odd (sign -1)."""

    output: str
    sign: int
    text: str
    span: Span = field(compare=False)


Requirement: TypeAlias = Smooth | ValueAt | LimitAt | MomentIs | Symmetric
