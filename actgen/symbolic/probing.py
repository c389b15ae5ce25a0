"""What one number says of an expression, in time that its size bounds: each part is computed once, and none is huge.

SymPy's own evaluation follows a tower of exponentials until memory ends, and goes through a formula that repeats its
parts as often as they are repeated.
"""

from __future__ import annotations

from enum import Enum

import sympy as sp

_DIGITS = 60
_LONGEST = 100_000  # bits of an exponent; the next exponential asks for as many digits of the logarithm of 2
_LARGE = sp.Float("1e20")  # arguments below it leave forty digits to the function
_NOISE = sp.Float("1e-20")  # of the largest part: roots of thirty digits may stand in an expression


class Glance(Enum):
    """What is seen of an expression at one place."""

    NONZERO = "a number that is certainly not 0"
    OUT_OF_REACH = "a part of it is larger or smaller than any computation can use"
    UNSURE = "anything else"


def probe(value: sp.Expr) -> dict[sp.Basic, sp.Expr]:
    """A place at which to look at an expression: nothing simple happens there."""
    return {s: sp.Rational(7 + 3 * i, 11 + i) for i, s in enumerate(sorted(value.free_symbols, key=str))}


def glance(value: sp.Expr) -> Glance:
    """Looks at an expression at its `probe`."""
    known: dict[sp.Basic, sp.Expr] = {s: place.evalf(_DIGITS) for s, place in probe(value).items()}
    is_steady = True
    for part in sp.postorder_traversal(value):
        if part in known:
            continue
        inner = [known[a] for a in part.args]
        number = part.func(*inner).evalf(_DIGITS) if inner else part if part.is_Rational else part.evalf(_DIGITS)
        if not (number.is_Float or number.is_Rational):
            return Glance.UNSURE
        if _is_out_of_reach(number):
            return Glance.OUT_OF_REACH
        if not (part.is_Add or part.is_Mul):
            is_steady = is_steady and all(_is_clear(a) for a in inner if not (part.is_Pow and a is inner[0]))
            is_steady = is_steady and (not part.is_Pow or inner[1].is_positive or abs(inner[0]) > _NOISE)
        known[part] = number
    largest = max(abs(number) for number in known.values())
    return Glance.NONZERO if is_steady and abs(known[value]) > _NOISE * max(1, largest) else Glance.UNSURE


def _is_clear(argument: sp.Expr) -> bool:
    """Whether a function of it means something: the argument is no remainder of a cancellation, and not large."""
    return argument.is_Rational or _NOISE < abs(argument) < _LARGE


def _is_out_of_reach(number: sp.Expr) -> bool:
    if not (number.is_Float and number):
        return False
    _, _, exponent, bits = number._mpf_
    return abs(exponent + bits) > _LONGEST
