"""What the templates of the Python frameworks are given: printed lines and plain values, no mathematics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from actgen.activation import (
    Activation,
    ConstantInit,
    ExponentialInit,
    NormalInit,
    Parameter,
    UniformInit,
)
from actgen.backends.base import Unit
from actgen.backends.dialect import Dialect
from actgen.backends.inside import BELOW_FLOAT64
from actgen.backends.listing import Listing, listing
from actgen.backends.tables import coefficient_names
from actgen.emit.header import origin
from actgen.program.passes.narrow import fit_for_float32
from actgen.program.program import Node
from actgen.program.sampling import allows, finite_ends, samples
from actgen.symbolic.printing import formula_lines, partial_lines


@dataclass(frozen=True, slots=True)
class InitView:
    """An initial value: `kind` is constant, uniform, normal or exponential; `values` are printed literals."""

    kind: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterView:
    """A parameter as templates need it; numbers are printed literals, `low`/`high` None where unbounded."""

    name: str
    code_name: str
    nominal: str
    init: InitView
    learnable: bool
    channel: bool
    low: str | None
    high: str | None
    via: str | None
    l1: str | None
    l2: str | None
    description: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One activation, ready to be laid out.

    `forward.results` holds one expression per output; `partials.results` one per (output, variable), outputs
    outermost, variables in argument order. `tables` names the coefficients of their polynomials. `in_float32` are the
    formats that are computed in float32; all others are computed in float64.
    """

    header: str
    activation: Activation
    inputs: tuple[str, ...]
    parameters: tuple[ParameterView, ...]
    outputs: tuple[str, ...]
    formula: tuple[str, ...]
    gradients: tuple[str, ...]
    forward: Listing
    partials: Listing
    tables: Mapping[tuple[Node, ...], str]
    in_float32: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A unit's program in a dialect: what `View` says about `forward`, `partials` and `tables`."""

    forward: Listing
    partials: Listing
    tables: Mapping[tuple[Node, ...], str]


def printed(unit: Unit, dialect: Dialect, reserved: frozenset[str]) -> Printed:
    """Prints the unit's program; `reserved` are the identifiers that the emitted file uses itself.

    Raises:
        MissingOpsError: if the dialect lacks an op in use.
    """
    program, activation = unit.program, unit.activation
    code_names = {v.name: v.code_name for v in activation.variables}
    tables = coefficient_names(program.roots())

    def listed(roots: Iterable[Node], hints: dict[Node, str], results: Iterable[str]) -> Listing:
        return listing(tuple(roots), dialect, code_names, hints, reserved, tables, tuple(results))

    return Printed(
        forward=listed(program.forward.values(), _output_hints(unit), (o.code_name for o in activation.outputs)),
        partials=listed(program.partials.values(), _partial_hints(unit), _partial_names(unit)),
        tables=tables,
    )


def view(unit: Unit, dialect: Dialect, reserved: frozenset[str]) -> View:
    """Prints the unit in a dialect; `reserved` are the identifiers that the emitted file uses itself."""
    activation = unit.activation
    program = printed(unit, dialect, reserved)
    return View(
        header=origin(activation.source.file_name, activation.source.sha256),
        activation=activation,
        inputs=tuple(i.code_name for i in activation.inputs),
        parameters=tuple(_parameter(p, dialect) for p in activation.parameters),
        outputs=tuple(o.code_name for o in activation.outputs),
        formula=formula_lines(unit.derivation),
        gradients=partial_lines(unit.derivation),
        forward=program.forward,
        partials=program.partials,
        tables=program.tables,
        in_float32=_in_float32(unit, dialect),
    )


def _in_float32(unit: Unit, dialect: Dialect) -> tuple[str, ...]:
    if unit.composite == "float32":
        return BELOW_FLOAT64
    special = {p.name: [*finite_ends(p), *([0.0] if allows(p, 0) else [])] for p in unit.activation.parameters}
    return fit_for_float32(unit.program, samples(unit.derivation), flushes=dialect.flushes, special=special)


def _output_hints(unit: Unit) -> dict[Node, str]:
    """The program's hints; where there are several outputs, each is assigned to its own name."""
    roots = {} if len(unit.activation.outputs) == 1 else unit.program.forward
    code_names = {o.name: o.code_name for o in unit.activation.outputs}
    return {**{root: code_names[name] for name, root in roots.items() if root.args}, **unit.program.hints}


def _partial_hints(unit: Unit) -> dict[Node, str]:
    """The program's hints, and a name for every partial: `dx`, or `dre_dx` where there are several outputs."""
    names: dict[Node, str] = {}
    for root, name in zip(unit.program.partials.values(), _partial_names(unit), strict=True):
        if root.args:
            names.setdefault(root, name)
    return {**names, **unit.program.hints}


def _partial_names(unit: Unit) -> list[str]:
    several = len(unit.activation.outputs) > 1
    return [f"d{output}_d{variable}" if several else f"d{variable}" for output, variable in unit.program.partials]


def _parameter(parameter: Parameter, dialect: Dialect) -> ParameterView:
    bounds, regularizer = parameter.bounds, parameter.regularizer
    low, high = (bounds.low.value, bounds.high.value) if bounds else (float("-inf"), float("inf"))
    return ParameterView(
        name=parameter.name,
        code_name=parameter.code_name,
        nominal=dialect.literal(parameter.nominal.value),
        init=_init(parameter, dialect),
        learnable=parameter.learnable,
        channel=parameter.shape.value == "channel",
        low=dialect.literal(low) if low > float("-inf") else None,
        high=dialect.literal(high) if high < float("inf") else None,
        via=parameter.via.value if parameter.via else None,
        l1=dialect.literal(regularizer.l1) if regularizer and regularizer.l1 else None,
        l2=dialect.literal(regularizer.l2) if regularizer and regularizer.l2 else None,
        description=parameter.description,
    )


def _init(parameter: Parameter, dialect: Dialect) -> InitView:
    match parameter.init:
        case ConstantInit(value=value):
            return InitView("constant", (dialect.literal(value.value),))
        case UniformInit(low=low, high=high):
            return InitView("uniform", (dialect.literal(low.value), dialect.literal(high.value)))
        case NormalInit(mean=mean, std=std):
            return InitView("normal", (dialect.literal(mean.value), dialect.literal(std.value)))
        case ExponentialInit(rate=rate):
            return InitView("exponential", (dialect.literal(rate.value),))
