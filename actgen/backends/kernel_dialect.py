"""How C++ spells the ops, in the words of `actgen/native/runtime/math`; T is the format that is computed in."""

from __future__ import annotations

import math
from collections.abc import Sequence

from actgen.backends.listing import Dialect
from actgen.program.program import Node

_SAME_NAME = (
    "sqrt cbrt exp expm1 log log1p log2 tan sinpi cospi asin acos atan sinh cosh tanh sech asinh acosh atanh "
    "erf erfc sigmoid softplus logsigmoid"
)
_TWO = "pow logaddexp atan2 hypot"
_CALLS = (
    {op: f"actgen::{op}({{0}})" for op in _SAME_NAME.split()}
    | {op: f"actgen::{op}({{0}}, {{1}})" for op in _TWO.split()}
    | {op: f"actgen::{op}<FAR>({{0}})" for op in ("sin", "cos", "tan")}
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
actgen any inputs parameters results T Wide FAR
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


def dialect(wide: frozenset[Node]) -> Dialect:
    """C++ with some nodes in Wide, which is double, and all others in T."""

    def converted(user: Node, operand: Node, text: str) -> str:
        if operand.is_bool:
            return text
        to_wide = user in wide or (user.is_bool and any(a in wide for a in user.args))
        if operand.op == "const":
            return literal(operand.value, "Wide") if to_wide else text
        if to_wide == (operand in wide):
            return text
        return f"Wide({text})" if to_wide else f"T({text})"

    return Dialect("kernel", _CALLS, literal, missing=MISSING, special=_special, converted=converted)


def _special(current: Node, texts: Sequence[str]) -> str | None:
    if current.op == "powi":
        return f"actgen::power<{int(current.args[1].value)}>({texts[0]})"
    if current.op == "poly":
        return f"actgen::horner({', '.join(texts)})"
    return None
