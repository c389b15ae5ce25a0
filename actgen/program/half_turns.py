"""Angles counted in half turns: of those, whole ones can be taken away without a rounding."""

from __future__ import annotations

import sympy as sp


def half_turns(angle: sp.Expr) -> tuple[sp.Expr, sp.Expr] | None:
    """The w and r of π·w + r, neither of them with a π in it and w no number; None if there are none."""
    turns, rest = sp.expand(angle / sp.pi), sp.Integer(0)
    parts = [t for t in sp.Add.make_args(turns) if not t.has(sp.pi)]
    if len(parts) < len(sp.Add.make_args(turns)):
        turns = sp.Add(*parts)
        rest = sp.expand(angle - sp.pi * turns)
    return (turns, rest) if turns.free_symbols and not rest.has(sp.pi) else None
