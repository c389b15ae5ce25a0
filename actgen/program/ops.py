"""The one table of operations that a Program may use.

Every backend spells every op of this table, or says at start-up which it lacks. Reference semantics for floats,
mpmath and balls stand in `evaluate.py`, keyed by the same names; tests hold the tables to each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What an op yields."""

    REAL = "real"
    BOOL = "bool"


@dataclass(frozen=True, slots=True)
class Op:
    """An operation: its name, how many operands it takes, what it yields, and its meaning in one line.

    A variadic op takes `arity` operands or more.
    """

    name: str
    arity: int
    meaning: str
    kind: Kind = Kind.REAL
    variadic: bool = False


_LEAVES = (
    Op("arg", 0, "an input or a parameter, by name, in the working precision"),
    Op("const", 0, "an exact real constant; printed as the nearest float64 (±inf and nan included)"),
)

_ARITHMETIC = (
    Op("add", 2, "a + b"),
    Op("sub", 2, "a - b"),
    Op("mul", 2, "a * b"),
    Op("div", 2, "a / b, IEEE"),
    Op("neg", 1, "-a"),
    Op("powi", 2, "a to an integer constant power b, |b| <= 64, by multiplication where the framework does so"),
    Op("pow", 2, "IEEE pow(a, b); nan for a negative base and a non-integer exponent"),
    Op("poly", 2, "b + c·a + d·a² + …, by Horner's rule; what follows a is constant", variadic=True),
    Op("abs", 1, "|a|"),
    Op("sign", 1, "-1, 0 or 1; nan for nan"),
    Op("min", 2, "the smaller; nan if either is nan"),
    Op("max", 2, "the larger; nan if either is nan"),
)

_ELEMENTARY = tuple(
    Op(name, 1, meaning)
    for name, meaning in (
        ("sqrt", "square root; nan below 0"),
        ("cbrt", "real cube root"),
        ("exp", "e^a"),
        ("expm1", "e^a - 1 without cancellation"),
        ("log", "natural logarithm"),
        ("log1p", "log(1 + a) without cancellation"),
        ("log2", "binary logarithm"),
        ("sin", "sine"),
        ("cos", "cosine"),
        ("tan", "tangent"),
        ("sinpi", "sin(πa), exact where it is 0 or ±1, for every a"),
        ("cospi", "cos(πa), likewise"),
        ("asin", "inverse sine"),
        ("acos", "inverse cosine"),
        ("atan", "inverse tangent"),
        ("sinh", "hyperbolic sine"),
        ("cosh", "hyperbolic cosine"),
        ("tanh", "hyperbolic tangent"),
        ("sech", "1/cosh(a), with every derivative finite where cosh overflows"),
        ("asinh", "inverse hyperbolic sine, accurate on both sides of 0"),
        ("acosh", "inverse hyperbolic cosine"),
        ("atanh", "inverse hyperbolic tangent"),
    )
)

_SPECIAL = (
    Op("erf", 1, "error function"),
    Op("erfc", 1, "1 - erf(a) without cancellation"),
    Op("gamma", 1, "Euler's Γ; nan at the poles and at -inf"),
    Op("lgamma", 1, "log |Γ(a)|"),
    Op("digamma", 1, "ψ(a), the derivative of log Γ"),
    Op("polygamma", 2, "ψ⁽ⁿ⁾(b); the first operand is an integer constant n >= 1"),
    Op("sigmoid", 1, "1/(1 + e^-a), accurate in both tails"),
    Op("softplus", 1, "log(1 + e^a), accurate in both tails"),
    Op("logsigmoid", 1, "-softplus(-a)"),
    Op("logaddexp", 2, "log(e^a + e^b), without overflow"),
    Op("atan2", 2, "the angle of the point (b, a)"),
    Op("hypot", 2, "√(a² + b²), without overflow or underflow on the way"),
)

_LOGIC = (
    Op("lt", 2, "a < b", Kind.BOOL),
    Op("le", 2, "a <= b", Kind.BOOL),
    Op("eq", 2, "a == b", Kind.BOOL),
    Op("ne", 2, "a != b (true for nan)", Kind.BOOL),
    Op("and", 2, "both", Kind.BOOL),
    Op("or", 2, "either", Kind.BOOL),
    Op("not", 1, "negation", Kind.BOOL),
    Op("isnan", 1, "a is nan", Kind.BOOL),
    Op("isinf", 1, "a is inf or -inf", Kind.BOOL),
)

_STRUCTURE = (
    Op("where", 3, "b where the condition a holds, else c; never a masked multiplication"),
    Op("fill", 2, "the value a in the shape and dtype of b; no derivative with respect to b"),
    Op("finite", 1, "a with ±inf replaced by the largest finite number of the working precision; nan stays"),
)

PERIODIC = frozenset({"sin", "cos", "tan", "sinpi", "cospi"})
"""Functions of an angle, which is lost when it is infinite, or so large that a rounding moves it by a turn."""

OPS: dict[str, Op] = {
    op.name: op for group in (_LEAVES, _ARITHMETIC, _ELEMENTARY, _SPECIAL, _LOGIC, _STRUCTURE) for op in group
}
"""Name to op, the whole vocabulary."""
