"""The model: one activation as its spec says it, nothing lost, each part with its place in the file."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from actgen.diagnostics import Span
from actgen.formula import Formula, substitute


class Smoothness(Enum):
    """The highest order at which a function and its derivatives are continuous at a point."""

    DISCONTINUOUS = "discontinuous"
    C0 = "C0"
    C1 = "C1"
    C2 = "C2"
    CINF = "Cinf"


class Monotone(Enum):
    """The sign that a derivative keeps (not strictly)."""

    INCREASING = "increasing"
    DECREASING = "decreasing"


class Combine(Enum):
    """How a layer returns several outputs."""

    TUPLE = "tuple"
    CONCAT = "concat"
    STACK = "stack"


class Via(Enum):
    """How a bounded parameter is kept inside its bounds while it is trained."""

    SOFTPLUS = "softplus"
    EXP = "exp"
    SIGMOID = "sigmoid"
    PROJECT = "project"


class Shape(Enum):
    """One value for the whole layer, or one per channel."""

    SCALAR = "scalar"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Value:
    """A constant expression: its tree, the nearest float64 (±inf allowed in bounds), and the text as written."""

    value: float
    formula: Formula | None  # None for ±inf
    text: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ConstantInit:
    """Every element starts at one value."""

    value: Value


@dataclass(frozen=True, slots=True)
class UniformInit:
    """Elements start uniformly in [low, high]; mean (low + high)/2."""

    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class NormalInit:
    """Elements start normally distributed."""

    mean: Value
    std: Value


@dataclass(frozen=True, slots=True)
class ExponentialInit:
    """Elements start exponentially distributed; mean 1/rate."""

    rate: Value


Init: TypeAlias = ConstantInit | UniformInit | NormalInit | ExponentialInit


@dataclass(frozen=True, slots=True)
class Required:
    """Requirements that a parameter's initial value is solved from.

    Attributes:
        text: as written.
        span: where.
        places: where each character of the text stands; empty for a text too long to be read.
    """

    text: str
    span: Span = field(compare=False)
    places: tuple[Span, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a layer keeps a parameter; -inf or inf where there is no bound."""

    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class Regularizer:
    """l1·Σ|θ| + l2·Σθ² of the constrained value."""

    l1: float = 0.0
    l2: float = 0.0


@dataclass(frozen=True, slots=True)
class Input:
    """A tensor that the activation reads."""

    name: str
    code_name: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A learnable or fixed quantity of the formula.

    `code_name` is `name` with a trailing underscore where any target language reserves it.
    `via` is None exactly when `bounds` is None. With `required`, the reader leaves a value to begin from in `init` and
    `nominal`, and the pipeline puts the solution there before anything else sees the activation.
    """

    name: str
    code_name: str
    init: Init
    nominal: Value
    learnable: bool = True
    shape: Shape = Shape.SCALAR
    bounds: Bounds | None = None
    via: Via | None = None
    regularizer: Regularizer | None = None
    latex: str | None = None
    description: str | None = None
    required: Required | None = None
    span: Span | None = field(default=None, compare=False)

    def tried(self) -> tuple[float, float]:
        """Where the compiler and the verification draw values from: around the nominal one, within bounds."""
        low, high = (self.bounds.low.value, self.bounds.high.value) if self.bounds else (-math.inf, math.inf)
        centre = self.nominal.value
        reach = 2 * max(1.0, abs(centre))
        return max(low, centre - reach), min(high, centre + reach)


@dataclass(frozen=True, slots=True)
class Let:
    """A named subexpression; its formula may use the entries above it.

    With `required` it is a constant: the reader leaves a value to begin from in `formula`, and the pipeline puts the
    solution there, which lies within `bounds`. `closed` is the solution's closed form, if one was found.
    """

    name: str
    formula: Formula
    span: Span | None = field(default=None, compare=False)
    required: Required | None = None
    bounds: Bounds | None = None
    closed: str | None = None


@dataclass(frozen=True, slots=True)
class PointCheck:
    """A claimed value: at these arguments, these results, to half a unit of the last digit written.

    `at` holds inputs and any parameters that are not nominal. `values` maps `y` and `d<name>` (the partial
    with respect to `<name>`) to what was written.
    """

    at: Mapping[str, Value]
    values: Mapping[str, Decimal | float]  # float only for ±inf and nan
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputChecks:
    """Claims about one output that `actgen build` verifies."""

    smoothness: Mapping[str, Smoothness] = field(default_factory=dict)
    monotone: Mapping[str, Monotone] = field(default_factory=dict)
    range: tuple[Value, Value] | None = None
    points: tuple[PointCheck, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """A named result with its formula (a single output is called `y`)."""

    name: str
    code_name: str
    formula: Formula
    checks: OutputChecks = field(default_factory=OutputChecks)
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """A source: free text, or its parts. `text` is set exactly when the spec gave plain text."""

    text: str | None = None
    title: str | None = None
    authors: str | None = None
    year: str | None = None
    url: str | None = None
    bibtex: str | None = None


@dataclass(frozen=True, slots=True)
class SpecSource:
    """The file an activation came from: its name as given, its base name, its text and SHA-256 (hex)."""

    path: str
    file_name: str
    text: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """Everything a spec says. Formulas may still mention `let` entries; `resolved` puts them in."""

    name: str
    class_name: str
    title: str
    source: SpecSource
    inputs: tuple[Input, ...]
    parameters: tuple[Parameter, ...]
    outputs: tuple[Output, ...]
    let: tuple[Let, ...] = ()
    summary: str | None = None
    tags: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    combine: Combine = Combine.TUPLE
    dim: int = -1
    channel_dim: int = 1
    domain: Mapping[str, tuple[Value, Value]] = field(default_factory=dict)

    @property
    def variables(self) -> tuple[Input | Parameter, ...]:
        """Inputs, then parameters: the argument order of every generated function, and of its partials."""
        return (*self.inputs, *self.parameters)

    def resolved(self, output: Output) -> Formula:
        """The output's formula with every `let` entry put in."""
        bindings: dict[str, Formula] = {}
        for entry in self.let:
            bindings[entry.name] = substitute(entry.formula, bindings)
        return substitute(output.formula, bindings)

    def nominal(self) -> dict[str, float]:
        """Each parameter's nominal value."""
        return {p.name: p.nominal.value for p in self.parameters}

    def _repr_latex_(self) -> str | None:
        """What a notebook shows: the formulas as mathematics; None where nothing derives them."""
        return None if _typeset is None else _typeset(self)


_typeset: Callable[[Activation], str | None] | None = None


def typeset_by(typeset: Callable[[Activation], str | None]) -> None:
    """Says what writes the formulas for notebooks: a stage, of which the model itself knows nothing."""
    global _typeset
    _typeset = typeset
