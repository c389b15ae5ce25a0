"""What the interactive picture needs to know of an activation, beside its functions: plain JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from sympy.printing.pretty.pretty_symbology import pretty_symbol

from actgen.activation import Input, Parameter
from actgen.backends.base import Unit
from actgen.docs.sampling import curved_input, shown_range
from actgen.docs.text import one_line
from actgen.symbolic.cases import function_letter
from actgen.symbolic.derivation import OutputMath
from actgen.symbolic.typesetting import Typesetter

_STILL = 1.0


def has_page(targets: Sequence[str] | None) -> bool:
    """Whether these targets (None: all) have a page: it draws the functions of the script for JavaScript."""
    return targets is None or "javascript" in targets


def page_name(activation: str) -> str:
    """The page's file name."""
    return f"{activation}.html"


def page_data(unit: Unit) -> Mapping[str, Any]:
    """Names, symbols, ranges and nominal values; `shown` is the input that the picture runs along at first."""
    activation, typeset = unit.activation, Typesetter(unit.derivation)
    return {
        "name": activation.name,
        "shown": curved_input(unit, unit.derivation.outputs[0]).name,
        "inputs": [_input(unit, source, typeset) for source in activation.inputs],
        "outputs": [{"name": o.name, "symbol": _letter(unit, o)} for o in unit.derivation.outputs],
        "parameters": [_parameter(unit, parameter, typeset) for parameter in activation.parameters],
    }


def as_script(data: Mapping[str, Any]) -> str:
    """JSON that may stand in a script element: no tag and no comment can begin in it."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")


def _letter(unit: Unit, output: OutputMath) -> str:
    taken = frozenset(v.name for v in unit.activation.variables)
    return pretty_symbol(function_letter(output, len(unit.derivation.outputs), taken))


def _input(unit: Unit, source: Input, typeset: Typesetter) -> dict[str, Any]:
    low, high = shown_range(unit, source)
    nominal = _STILL if low <= _STILL <= high else (low + high) / 2
    return {**_named(source, typeset), "nominal": nominal, "range": [low, high]}


def _parameter(unit: Unit, parameter: Parameter, typeset: Typesetter) -> dict[str, Any]:
    found = {**_named(parameter, typeset), "nominal": parameter.nominal.value, "range": _ends(unit, parameter)}
    return {**found, "description": one_line(parameter.description)} if parameter.description else found


def _named(variable: Input | Parameter, typeset: Typesetter) -> dict[str, Any]:
    return {"name": variable.name, "symbol": pretty_symbol(variable.name), "latex": typeset.name(variable.name)}


def _ends(unit: Unit, parameter: Parameter) -> list[float]:
    """Where a slider goes: the claimed domain, else the bounds, else around the nominal value."""
    low, high = parameter.tried()
    if parameter.bounds is not None:
        low = _finite(parameter.bounds.low.value, low)
        high = _finite(parameter.bounds.high.value, high)
    if parameter.name in unit.activation.domain:
        first, last = unit.activation.domain[parameter.name]
        low, high = _finite(first.value, low), _finite(last.value, high)
    return [min(low, parameter.nominal.value), max(high, parameter.nominal.value)]


def _finite(value: float, usual: float) -> float:
    return value if math.isfinite(value) else usual
