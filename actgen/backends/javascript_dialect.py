"""How JavaScript spells the ops: one number at a time, in float64."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from actgen.backends.dialect import DIVISION, NEGATION, POWER, Dialect, python_literal
from actgen.program.program import Node, Program, rewrite

_CHOICE, _OR, _AND, _COMPARISON = 1, 3, 4, 8
_INFIX = {
    "where": ("{0} ? {1} : {2}", _CHOICE),
    "or": ("{0} || {1}", _OR),
    "and": ("{0} && {1}", _AND),
    "lt": ("{0} < {1}", _COMPARISON),
    "le": ("{0} <= {1}", _COMPARISON),
    "eq": ("{0} === {1}", _COMPARISON),
    "ne": ("{0} !== {1}", _COMPARISON),
    "isinf": ("Math.abs({0}) === Infinity", _COMPARISON),
    "add": ("{0} + {1}", 10),
    "sub": ("{0} - {1}", 10),
    "mul": ("{0} * {1}", DIVISION),
    "div": ("{0} / {1}", DIVISION),
    "neg": ("-{0}", NEGATION),
    "not": ("!{0}", NEGATION),
    "powi": ("{0} ** {1}", POWER),
}
_OF_MATH = (
    "abs sign sqrt cbrt exp expm1 log log1p log2 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh min max "
    "atan2 hypot"
)
_OF_TWO = frozenset(["min", "max", "atan2", "hypot", "pow", "logaddexp", "polygamma", "poly"])
_OWN = "sinpi cospi sech erf erfc gamma lgamma digamma polygamma sigmoid softplus logsigmoid logaddexp finite pow"


def _call(function: str, op: str) -> str:
    return f"{function}({{0}}, {{1}})" if op in _OF_TWO else f"{function}({{0}})"


_CALLS = {op: _call(f"Math.{op}", op) for op in _OF_MATH.split()} | {
    **{op: _call(f"_{op}", op) for op in _OWN.split()},
    "poly": _call("_polynomial", "poly"),
    "isnan": "Number.isNaN({0})",
}


def javascript_literal(value: float) -> str:
    """A float64 as JavaScript source that reads back to the same bits; an exponent has no leading zeros."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return re.sub(r"e(-?)0*(?=\d)", r"e\1", python_literal(value))


def _special(current: Node, texts: Sequence[str]) -> str | None:
    """`Math.pow` is IEEE's power but for a base of ±1: where a number says that there is none, it does."""
    ordinary = any(a.op == "const" and math.isfinite(a.value) and a.value != 0 for a in current.args[1:])
    other_base = current.args[0].op == "const" and abs(current.args[0].value) != 1
    return f"Math.pow({texts[0]}, {texts[1]})" if current.op == "pow" and (ordinary or other_base) else None


DIALECT = Dialect("javascript", _CALLS, javascript_literal, special=_special, infix=_INFIX, missing=frozenset({"fill"}))
"""`fill` is no operation where there are no arrays: see `scalars`."""


def scalars(program: Program) -> Program:
    """The program without `fill`: a number has no shape."""
    new = rewrite(program.roots(), lambda current: current.args[0] if current.op == "fill" else current)
    return program.with_roots(new, {new[old]: name for old, name in program.hints.items() if old in new})
