"""A derivation as JSON: names, parameters, formulas and breakpoints, mathematics as LaTeX."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from actgen.activation import Activation, Input, Parameter, Value
from actgen.docs.equations import equations
from actgen.symbolic.derivation import Derivation, OutputMath
from actgen.symbolic.typesetting import Typesetter


def description(derivation: Derivation) -> dict[str, Any]:
    """Everything that the page says about the mathematics of an activation.

    Numbers that are not finite are None: an end of an interval that is open to infinity.
    """
    activation, typeset = derivation.activation, Typesetter(derivation)
    return {
        "name": activation.name,
        "class_name": activation.class_name,
        "title": activation.title,
        "summary": activation.summary,
        "tags": list(activation.tags),
        "inputs": [_input(activation, source, typeset) for source in activation.inputs],
        "parameters": [_parameter(activation, parameter, typeset) for parameter in activation.parameters],
        "outputs": [_output(output, typeset) for output in derivation.outputs],
        **_equations(derivation),
        "breakpoints": [point for output in derivation.outputs for point in _breakpoints(output, typeset)],
    }


def _input(activation: Activation, source: Input, typeset: Typesetter) -> dict[str, Any]:
    return {
        "name": source.name,
        "code_name": source.code_name,
        "latex": typeset.name(source.name),
        "domain": _domain(activation, source.name),
    }


def _parameter(activation: Activation, parameter: Parameter, typeset: Typesetter) -> dict[str, Any]:
    bounds = parameter.bounds
    return {
        "name": parameter.name,
        "code_name": parameter.code_name,
        "latex": typeset.name(parameter.name),
        "description": parameter.description,
        "nominal": _finite(parameter.nominal.value),
        "low": None if bounds is None else _finite(bounds.low.value),
        "high": None if bounds is None else _finite(bounds.high.value),
        "domain": _domain(activation, parameter.name) or [_finite(end) for end in parameter.tried()],
        "learnable": parameter.learnable,
        "shape": parameter.shape.value,
    }


def _output(output: OutputMath, typeset: Typesetter) -> dict[str, Any]:
    return {
        "name": output.name,
        "code_name": output.code_name,
        "latex": typeset.letter(output),
        "smoothness": {name: level and level.value for name, level in output.smoothness.items()},
    }


def _equations(derivation: Derivation) -> dict[str, Any]:
    shown = equations(derivation)
    outputs = [output.name for output in derivation.outputs]
    of_partials = [(output, variable.name) for output in outputs for variable in derivation.activation.variables]
    return {
        "formulas": [{"output": o, "latex": latex} for o, latex in zip(outputs, shown.formulas, strict=True)],
        "formula_definitions": list(shown.formula_definitions),
        "partials": [
            {"output": output, "variable": variable, "latex": latex}
            for (output, variable), latex in zip(of_partials, shown.partials, strict=True)
        ],
        "partial_definitions": list(shown.partial_definitions),
    }


def _breakpoints(output: OutputMath, typeset: Typesetter) -> Iterator[dict[str, Any]]:
    for point in output.breakpoints:
        yield {
            "output": output.name,
            "variable": point.variable,
            "location": typeset.expression(point.location),
            "nominal": _finite(point.nominal),
            "smoothness": point.smoothness and point.smoothness.value,
            "proof": point.proof,
        }


def _domain(activation: Activation, name: str) -> list[float | None] | None:
    """Where the spec says that plots and samples concentrate."""
    found: tuple[Value, Value] | None = activation.domain.get(name)
    return None if found is None else [_finite(end.value) for end in found]


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
