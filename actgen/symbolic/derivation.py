"""The Derivation: exact mathematics of one activation on canonical pieces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from actgen.activation import Activation, Smoothness


@dataclass(frozen=True, slots=True)
class ExactPiece:
    """One canonical piece: where it holds (first match wins, the last condition is `true`), the value, all partials.

    `partials` maps each variable's name (inputs, then parameters) to the exact derivative. `is_limit` marks a single
    point whose partials are the limits of the neighbouring pieces. `domain` lists what must not be negative for the
    value to be real.
    """

    condition: sp.Basic  # a SymPy Boolean
    value: sp.Expr
    partials: Mapping[str, sp.Expr]
    domain: tuple[sp.Expr, ...] = ()
    is_limit: bool = False


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """Where two pieces meet along one input.

    `location` is exact and may hold parameters (a learned breakpoint); `nominal` is its float at the nominal
    parameters. `smoothness` is None where it could not be proved; `proof` says how in one line.
    """

    variable: str
    location: sp.Expr
    nominal: float
    smoothness: Smoothness | None
    proof: str


@dataclass(frozen=True, slots=True)
class OutputMath:
    """One output: its canonical pieces, breakpoints, and the claims that hold."""

    name: str
    code_name: str
    pieces: tuple[ExactPiece, ...]
    breakpoints: tuple[Breakpoint, ...]
    smoothness: Mapping[str, Smoothness | None]  # by input: the worst of its breakpoints, Cinf where there are none


@dataclass(frozen=True, slots=True)
class Derivation:
    """All outputs of an activation, with the SymPy symbol of each declared name."""

    activation: Activation
    symbols: Mapping[str, sp.Symbol]
    outputs: tuple[OutputMath, ...]
