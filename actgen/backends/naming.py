"""Names for intermediate values: short, and saying what the value is where that can be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from actgen.program.program import Node

_STEMS = {
    "add": "u",
    "sub": "u",
    "mul": "p",
    "div": "q",
    "neg": "m",
    "powi": "power",
    "pow": "power",
    "abs": "size",
    "sign": "side",
    "min": "below",
    "max": "above",
    "sqrt": "root",
    "cbrt": "root",
    "exp": "e",
    "expm1": "em1",
    "sigmoid": "s",
    "softplus": "sp",
    "logsigmoid": "ls",
    "logaddexp": "lse",
    "tanh": "th",
    "sinh": "sh",
    "cosh": "ch",
    "where": "v",
    "finite": "v",
    "lt": "below",
    "le": "upto",
    "eq": "at",
    "ne": "off",
    "and": "both",
    "or": "either",
    "not": "outside",
    "isnan": "bad",
    "isinf": "end",
}
_SIDES = {("max", True): "pos", ("min", True): "neg", ("max", False): "above", ("min", False): "below"}
_SIGNS = {("lt", 0): "pos", ("lt", 1): "neg", ("le", 0): "nonneg", ("le", 1): "nonpos", ("eq", 0): "zero"}


_JOINED = {"mul": "_", "div": "_over_", "add": "_plus_", "sub": "_minus_"}
_LONGEST = 16


def stem(node: Node, code_names: Mapping[str, str], operands: Sequence[str]) -> str:
    """What a node would like to be called: `x_neg` for min(x, 0), `beta_x` for beta * x, `em1` for an expm1.

    Args:
        node: the value to name.
        code_names: declared name to the identifier of the argument.
        operands: how each operand is written.
    """
    if node.op in ("min", "max"):
        return _clamped(node, code_names)
    if node.op == "powi" and operands[0].isidentifier():
        return _power(operands[0].strip("_"), node.args[1])
    if node.op in _JOINED and all(text.isidentifier() for text in operands):
        joined = _JOINED[node.op].join(text.strip("_") for text in operands)
        return joined if len(joined) <= _LONGEST else _STEMS[node.op]
    if node.op == "abs" and operands[0].isidentifier():
        return f"{operands[0].strip('_')}_abs"
    if node.op in ("lt", "le", "eq") and (sign := _sign(node)) is not None:
        return sign
    return _STEMS.get(node.op, node.op)


def _clamped(node: Node, code_names: Mapping[str, str]) -> str:
    first, second = node.args
    held, bound = (second, first) if first.op == "const" else (first, second)
    side = _SIDES[node.op, _is_zero(bound)]
    if held.op != "arg":
        return side
    assert isinstance(held.payload, str)
    return f"{code_names[held.payload].rstrip('_')}_{side}"


def _power(base: str, exponent: Node) -> str:
    name = f"{base}_sq" if exponent.payload == 2 else f"{base}_pow{exponent.payload}".replace("-", "m")
    return name if len(name) <= _LONGEST else "power"


def _sign(node: Node) -> str | None:
    """`pos` for 0 < x and the like, where an argument is compared with zero or an infinity."""
    first, second = node.args
    if node.op == "eq" and second.op == "const" and second.payload in (sp.oo, -sp.oo):
        return "at_inf" if second.payload == sp.oo else "at_minus_inf"
    if _is_zero(first) and second.op == "arg":
        return _SIGNS.get((node.op, 0))
    if _is_zero(second) and first.op == "arg":
        return _SIGNS.get(("eq", 0) if node.op == "eq" else (node.op, 1))
    return None


def _is_zero(node: Node) -> bool:
    return node.op == "const" and node.payload == 0
