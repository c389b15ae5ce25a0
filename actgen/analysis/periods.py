"""Periods of functions that depend on their variable through angles alone."""

from __future__ import annotations

from functools import reduce

import sympy as sp

from actgen.analysis.numbers import Number, exactly

_ANGLES = (sp.sin, sp.cos, sp.tan)
_PARTS = (2, 3, 4, 5, 6)


def period(value: sp.Expr, variable: sp.Symbol) -> sp.Expr | None:
    """A period, as short as was found; None if the expression is not seen to have one."""
    angles = sorted(
        {f.args[0] for kind in _ANGLES for f in value.atoms(kind) if f.has(variable)}, key=sp.default_sort_key
    )
    if not angles or sp.count_ops(value) > 200:
        return None
    bare = value.xreplace({f: sp.Dummy() for kind in _ANGLES for f in value.atoms(kind)})
    slopes = [sp.diff(angle, variable) for angle in angles]
    ratios = [slope / slopes[0] for slope in slopes]
    if bare.has(variable) or not all(r.is_Rational and r != 0 for r in ratios) or slopes[0].has(variable):
        return None
    common = reduce(sp.gcd, ratios)
    turn = 2 * sp.pi / abs(slopes[0] * common)
    for part in _PARTS:
        while _repeats(value, variable, turn / part):
            turn = turn / part
    return turn


def _repeats(value: sp.Expr, variable: sp.Symbol, turn: sp.Expr) -> bool:
    moved = value.subs(variable, variable + turn)
    return sp.expand(moved.expand(trig=False) - value) == 0


def window(turn: sp.Expr) -> tuple[Number, Number]:
    """One period that ends nowhere in particular, so that what is special lies inside."""
    low = -turn * sp.Rational(23, 45)
    return exactly(low), exactly(low + turn)


def further(place: Number, turn: sp.Expr) -> Number:
    """The same place one period further on."""
    if place.exact is not None:
        return exactly(sp.expand(place.exact + turn))
    return Number(place.ball + exactly(turn).ball)
