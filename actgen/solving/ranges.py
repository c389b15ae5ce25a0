"""Operations over wide balls: those that rise or fall are evaluated at the ends, and even powers are not negative."""

from __future__ import annotations

from typing import Any

import flint

from actgen.program.balls import ARB_OPS

_NARROW = flint.arb(2) ** -20
_MONOTONE = frozenset(
    {
        "exp",
        "expm1",
        "log",
        "log1p",
        "log2",
        "sqrt",
        "cbrt",
        "sinh",
        "tanh",
        "asinh",
        "atan",
        "erf",
        "erfc",
        "sigmoid",
        "softplus",
        "logsigmoid",
    }
)


def real_value(op: str, args: tuple[Any, ...]) -> Any:
    """One operation over real balls, as narrow as its rules give; not finite where nothing is known."""
    first = args[0]
    if op in _MONOTONE and first.is_finite() and not first.is_exact():
        ends = ARB_OPS[op](first.lower()), ARB_OPS[op](first.upper())
        return ends[0].union(ends[1])
    if op == "mul" and not first.is_exact() and not args[1].is_exact():
        return _product(first, args[1])
    if op == "powi" and first.is_finite() and first.contains(0):
        power = int(args[1].unique_fmpz())
        if power > 0 and power % 2 == 0:
            return flint.arb(0).union(abs(first).upper() ** power)
    return ARB_OPS[op](*args)


def _product(a: flint.arb, b: flint.arb) -> flint.arb:
    """The range of a product by its corners: the product of balls is up to twice as wide."""
    if not (a.is_finite() and b.is_finite()) or (a.rad() < _NARROW and b.rad() < _NARROW):
        return a * b
    corners = [p * q for p in (a.lower(), a.upper()) for q in (b.lower(), b.upper())]
    return corners[0].union(corners[1]).union(corners[2]).union(corners[3])
