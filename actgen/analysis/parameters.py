"""Exact values of an activation's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import sympy as sp

from actgen.symbolic.derivation import Derivation
from actgen.symbolic.derive import nominal_exact
from actgen.symbolic.pieces import Expander


def nominal_values(derivation: Derivation, settings: Mapping[str, Fraction]) -> dict[sp.Symbol, sp.Expr]:
    """Each parameter's symbol and its exact value: the one that is set by name, else the nominal one."""
    expander = Expander({}, frozenset())
    return {
        derivation.symbols[p.name]: (
            sp.Rational(settings[p.name].numerator, settings[p.name].denominator)
            if p.name in settings
            else nominal_exact(p, expander)
        )
        for p in derivation.activation.parameters
    }
