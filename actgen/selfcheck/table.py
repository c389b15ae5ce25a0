"""The table of exact values that the user's own check carries."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from struct import pack, unpack

from actgen.activation import Activation, Parameter
from actgen.verify.balls import UndecidedError
from actgen.verify.oracle import Oracle

_STEPS = 12
_FAR = (0.0, 2.0**-10, -(2.0**-10), 30.0, -30.0)
_DEFAULT = (-8.0, 8.0)


@dataclass(frozen=True, slots=True)
class Row:
    """One point: the arguments in order, and for each output its value and its partials in argument order.

    Arguments are float32 numbers, so that every precision computes at the same point; results are the float64
    nearest to the exact ones.
    """

    arguments: tuple[float, ...]
    results: tuple[tuple[float, ...], ...]


def table(activation: Activation) -> tuple[Row, ...]:
    """Exact values over the claimed domain and past it, at the nominal parameters and at others.

    A point that the oracle cannot decide is left out.
    """
    oracle = Oracle(activation)
    rows = (_row(oracle, activation, arguments) for arguments in _points(activation))
    return tuple(row for row in rows if row)


def _row(oracle: Oracle, activation: Activation, arguments: tuple[float, ...]) -> Row | None:
    names = [v.name for v in activation.variables]
    at = dict(zip(names, arguments, strict=True))
    try:
        results = tuple(
            (oracle.value(o.name, at), *(oracle.partial(o.name, name, at) for name in names))
            for o in activation.outputs
        )
    except UndecidedError:
        return None
    return Row(arguments, results)


def _points(activation: Activation) -> Iterator[tuple[float, ...]]:
    """Inputs walk through their intervals out of step with each other; parameters alternate between two settings."""
    columns = [_inputs(activation, i.name) for i in activation.inputs]
    settings = [tuple(choice(activation, p) for p in activation.parameters) for choice in (_nominal, _other)]
    for number in range(len(columns[0])):
        inputs = tuple(column[(number * (1 + 2 * place)) % len(column)] for place, column in enumerate(columns))
        yield (*inputs, *settings[number % 2])
        if number >= _STEPS and settings[0] != settings[1]:
            yield (*inputs, *settings[1 - number % 2])


def _inputs(activation: Activation, name: str) -> list[float]:
    low, high = _DEFAULT
    if name in activation.domain:
        low, high = (bound.value for bound in activation.domain[name])
        low, high = max(low, -64.0), min(high, 64.0)
    width = (high - low) / _STEPS
    inside = [_single(low + width * (step + 0.4375)) for step in range(_STEPS)]
    return [*inside, *_FAR]


def _nominal(activation: Activation, parameter: Parameter) -> float:
    return _single(parameter.nominal.value)


def _other(activation: Activation, parameter: Parameter) -> float:
    """A value that is not nominal: from the claimed domain if there is one, else near by; never out of bounds."""
    nominal = parameter.nominal.value
    if parameter.name in activation.domain:
        low, high = (bound.value for bound in activation.domain[parameter.name])
        value = low + 0.625 * (high - low)
    else:
        value = nominal * 1.25 if nominal else 0.25
    low, high = (parameter.bounds.low.value, parameter.bounds.high.value) if parameter.bounds else (-math.inf, math.inf)
    return _single(value) if low < _single(value) < high else _single(nominal)


def _single(value: float) -> float:
    """The nearest float32."""
    return unpack("f", pack("f", value))[0]


def literal(value: float) -> str:
    """A float as Python source that reads back to the same bits."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return repr(value)


def literals(values: Sequence[float]) -> str:
    """Several floats as a Python tuple."""
    return f"({', '.join(map(literal, values))}{',' if len(values) == 1 else ''})"
