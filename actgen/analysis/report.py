"""What `analyse` returns: frozen values that turn into JSON as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from actgen.analysis.quantity import Quantity

VERSION = 1
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """Things of one kind; all of them if `gap` is None, else it says what was not proved.

    With a `period` they are those of one period, and come again a whole number of periods further. `is_endless` if the
    gap says that there are infinitely many, which is proved.
    """

    items: tuple[T, ...] = ()
    gap: str | None = None
    period: Quantity | None = None
    is_endless: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer in one word; None with the reason where there is no proof."""

    answer: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """An interval of the line and what the function is there."""

    low: Quantity
    high: Quantity
    low_closed: bool
    high_closed: bool
    what: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """Infimum and supremum, and whether they are values of the function (None: not decided)."""

    low: Quantity
    high: Quantity
    low_attained: bool | None
    high_attained: bool | None


@dataclass(frozen=True, slots=True)
class Extremum:
    """A strict local extremum; `kind` is `minimum` or `maximum`."""

    kind: str
    place: Quantity
    value: Quantity
    is_global: bool | None


@dataclass(frozen=True, slots=True)
class FixedPoint:
    """A place with f(x) = x; `attracting` if |f'| < 1, `repelling` if > 1, else `neutral` (None: not decided)."""

    place: Quantity
    slope: Quantity
    stability: str | None


@dataclass(frozen=True, slots=True)
class End:
    """The behaviour as x goes to ±∞; the asymptote there is slope·x + intercept where both are known.

    Where the function is proved to have no limit, `lowest` and `highest` are its limits inferior and superior.
    """

    side: str
    value: Quantity
    slope: Quantity
    asymptote_slope: Quantity | None
    asymptote_intercept: Quantity | None
    saturates: bool
    lowest: Quantity | None = None
    highest: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Pole:
    """A vertical asymptote, and the limits from both sides (None where there are no values)."""

    place: Quantity
    from_below: Quantity | None
    from_above: Quantity | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One output as a function of its one input, at the parameters in use. docs/ANALYSIS.md defines each."""

    domain: Listing[Span]
    range: Range | None
    range_gap: str | None
    at_zero: Quantity
    ends: tuple[End, ...]
    poles: Listing[Pole]
    zeros: Listing[Quantity]
    zero_spans: tuple[Span, ...]
    extrema: Listing[Extremum]
    fixed_points: Listing[FixedPoint]
    fixed_spans: tuple[Span, ...]
    monotone: Verdict
    growth: Listing[Span]
    convexity: Verdict
    curvature: Listing[Span]
    parity: Verdict
    period: Quantity | None
    smoothness: Verdict
    lipschitz: Quantity
    slope_lipschitz: Quantity
    dead_spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class MapFixedPoint:
    """A fixed point of the variance map, and the derivative of the map there."""

    variance: Quantity
    slope: Quantity
    stability: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Propagation of a standard normal input through wide, fully connected layers. docs/ANALYSIS.md defines each."""

    mean: Quantity
    second_moment: Quantity
    variance: Quantity
    slope_moment: Quantity
    gain: Quantity
    map_fixed_points: tuple[MapFixedPoint, ...]
    chi: Quantity
    phase: Verdict
    edge: Quantity
    edge_variance: Quantity


@dataclass(frozen=True, slots=True)
class Dependence:
    """What holds in one input of several, whatever the others are."""

    input: str
    affine: Verdict
    parity: Verdict
    monotone: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputAnalysis:
    """One output. `shape` and `signal` are None where `reason` says why; `inputs` describes several inputs."""

    name: str
    shape: Shape | None = None
    signal: Signal | None = None
    moments: Moments | None = None
    inputs: tuple[Dependence, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """The mean and the second moment with all inputs independent and standard normal."""

    mean: Quantity
    second_moment: Quantity
    variance: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """An activation as a function; `parameters` maps each name to the value in use, as text."""

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[OutputAnalysis, ...]
    parameters: Mapping[str, str] = field(default_factory=dict)
    version: int = VERSION
