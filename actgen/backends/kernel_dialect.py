"""How C++ spells the ops, in the words of `actgen/native/runtime/math`; T is the format that is computed in."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np
import sympy as sp

from actgen.backends.dialect import Dialect
from actgen.program.precision.levels import ARGUMENTS, Level, Levels, divides_by_pair, kept
from actgen.program.program import Node, nearest_float

_SAME_NAME = "sqrt cbrt log2 sinpi cospi asin acos atan tanh asinh acosh atanh"
_RANGED = "exp expm1 log log1p sin cos tan sinh cosh sech erf erfc sigmoid softplus logsigmoid"
RANGED = frozenset(_RANGED.split())
"""Functions that leave out guards where their arguments are ordinary."""
_TWO = "pow logaddexp atan2 hypot"
_CALLS = (
    {op: f"actgen::{op}({{0}})" for op in _SAME_NAME.split()}
    | {op: f"actgen::{op}({{0}}, {{1}})" for op in _TWO.split()}
    | {op: f"actgen::{op}(range, {{0}})" for op in RANGED}
    | {
        "abs": "actgen::abs({0})",
        "sign": "actgen::sign({0})",
        "min": "actgen::smaller({0}, {1})",
        "max": "actgen::larger({0}, {1})",
        "and": "({0} & {1})",
        "or": "({0} | {1})",
        "not": "!({0})",
        "isnan": "actgen::is_nan({0})",
        "isinf": "actgen::is_infinite({0})",
        "where": "({0} ? {1} : {2})",
        "fill": "{0}",
        "finite": "actgen::finite({0})",
        "poly": "",
    }
)

MISSING = frozenset({"gamma", "lgamma", "digamma", "polygamma"})

_KEYWORDS = """
alignas alignof and and_eq asm auto bitand bitor bool break case catch char class compl const constexpr
continue decltype default delete do double else enum explicit export extern false final float for friend
goto if inline int long mutable namespace new noexcept not not_eq nullptr operator or or_eq override private
protected public register return short signed sizeof static struct switch template this throw true try
typedef typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq
actgen any inputs parameters range results T Wide Range
"""
KEYWORDS = frozenset(_KEYWORDS.split())
"""Identifiers that no value of a kernel may have."""


def literal(value: float, kind: str = "T") -> str:
    """A float64 as C++ source that reads back to the same bits, in the format `kind`: T or Wide."""
    if math.isnan(value):
        return f"actgen::not_a_number<{kind}>()"
    if math.isinf(value):
        return f"{'-' if value < 0 else ''}actgen::infinity<{kind}>()"
    if value == int(value) and abs(value) < 1e6:
        return f"{kind}({int(value)})" if value or math.copysign(1, value) > 0 else f"{kind}(-0.0)"
    return f"{kind}({value!r})"


def dialect(levels: Levels, angles: Collection[Node] = ()) -> Dialect:
    """C++ with each node at its level: in T, as a Pair or Scaled, or in Wide, which is double; all others in T.

    An infinite angle is large, so it comes up only where arguments may be far.
    """
    return Dialect(
        "kernel",
        _CALLS,
        literal,
        missing=MISSING,
        special=lambda current, texts: _special(current, texts, levels, angles),
        converted=lambda user, operand, text: _converted(user, operand, text, levels),
        within=lambda current: levels.get(current) is Level.FUSED,
        ratios=False,
    )


def result(root: Node, text: str, levels: Levels) -> str:
    """A root as a T."""
    match levels.get(root, Level.FLOAT):
        case Level.FLOAT | Level.FUSED:
            return text
        case Level.WIDE:
            return f"T({text})"
        case _:
            return f"actgen::rounded({text})"


def _converted(user: Node, operand: Node, text: str, levels: Levels) -> str:
    """An operand as its user takes it."""
    if operand.is_bool:
        return text
    own, level = levels.get(operand, Level.FLOAT), levels.get(user, Level.FLOAT)
    if level is Level.WIDE or (user.is_bool and any(levels.get(a) is Level.WIDE for a in user.args)):
        return _widened(operand, text, own)
    if operand in kept(user, levels):
        return _pair(operand) or text if operand.op == "const" else text
    return result(operand, text, levels)


def _widened(operand: Node, text: str, own: Level) -> str:
    if operand.op == "const":
        return literal(operand.value, "Wide")
    if own is Level.WIDE:
        return text
    return f"Wide({text})" if own is Level.FLOAT else f"actgen::widened<Wide>({text})"


def _pair(constant: Node) -> str | None:
    """A constant that no float is, as two of float64; None if a float is."""
    high = constant.value
    if not math.isfinite(high) or (high == float(np.float32(high)) and constant.exact == sp.Rational(high)):
        return None
    low = nearest_float(constant.exact - sp.Rational(high))
    return f"actgen::pair_of<T>({high!r}, {low!r})"


_OF_PAIRS = {"mul": "product", "add": "sum", "div": "quotient"}


def _special(current: Node, texts: Sequence[str], levels: Levels, angles: Collection[Node]) -> str | None:
    level = levels.get(current, Level.FLOAT)
    if current in angles and current.op == "finite":
        return f"actgen::finite_unless_far(range, {texts[0]})"
    if current.op == "eq" and (place := _place_of_infinity(current)) is not None:
        return f"actgen::is_the_infinite(range, {texts[1 - place]}, {texts[place]})"
    if level is Level.PAIR and (found := _as_pair(current, texts)) is not None:
        return found
    if divides_by_pair(current, levels):
        return f"actgen::divided({texts[0]}, {texts[1]})"
    if level is Level.SCALED and current.op == "where":
        return f"actgen::either({', '.join(texts)})"
    if level is Level.SCALED and current.op in ARGUMENTS:
        return f"actgen::{current.op}_scaled(range, {texts[0]})"
    if level is Level.FUSED and current.op == "mul":
        return f"{texts[0]}, {texts[1]}"
    if level is Level.FUSED:
        return next(text for operand, text in zip(current.args, texts, strict=True) if operand.op == "const")
    fused = [levels.get(a) is Level.FUSED for a in current.args]
    if any(fused) and current.op == "mul":
        return f"actgen::product_with_sum({texts[1 - fused.index(True)]}, {texts[fused.index(True)]})"
    if any(fused):
        return _fused(current, texts, fused.index(True))
    if current.op == "powi":
        return f"actgen::power<{int(current.args[1].value)}>({texts[0]})"
    if current.op == "poly":
        return f"actgen::horner({', '.join(texts)})"
    return None


def _place_of_infinity(equation: Node) -> int | None:
    """Which side of an equation is infinite."""
    return next((i for i, side in enumerate(equation.args) if side.op == "const" and math.isinf(side.value)), None)


def _fused(current: Node, texts: Sequence[str], index: int) -> str:
    """A sum with a product, whose text is that of two arguments."""
    product, other = texts[index], texts[1 - index]
    if current.op == "add":
        return f"actgen::fma({product}, {other})"
    return f"actgen::fma({product}, -({other}))" if index == 0 else f"actgen::fnma({product}, {other})"


def _as_pair(current: Node, texts: Sequence[str]) -> str | None:
    if current.op in _OF_PAIRS:
        return f"actgen::pair_{_OF_PAIRS[current.op]}({texts[0]}, {texts[1]})"
    if current.op == "sub":
        return f"actgen::pair_sum({texts[0]}, -({texts[1]}))"
    return f"actgen::pair_square({texts[0]})" if current.op == "powi" else None
