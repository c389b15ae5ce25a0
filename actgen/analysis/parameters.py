"""Exact values of an activation's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import sympy as sp

from actgen.activation import Activation, Value
from actgen.formula import Number
from actgen.symbolic.derivation import Derivation
from actgen.symbolic.derive import nominal_exact
from actgen.symbolic.pieces import Expander


def nominal_values(derivation: Derivation) -> dict[sp.Symbol, sp.Expr]:
    """Each parameter's symbol and its exact nominal value."""
    expander = Expander({}, frozenset())
    return {derivation.symbols[p.name]: nominal_exact(p, expander) for p in derivation.activation.parameters}


def with_settings(activation: Activation, settings: Mapping[str, Fraction]) -> Activation:
    """The activation with other nominal values, by name; names that are no parameters are not looked at."""
    parameters = tuple(
        replace(p, nominal=_value(settings[p.name])) if p.name in settings else p for p in activation.parameters
    )
    return replace(activation, parameters=parameters)


def _value(number: Fraction) -> Value:
    return Value(float(number), Number(number), str(number))
