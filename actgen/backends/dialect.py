"""How a target spells the operations of a Program."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import sympy as sp

from actgen.program.program import Node

ATOM = 100
POWER = 30
NEGATION = 25
DIVISION = 20
PYTHON_INFIX: Mapping[str, tuple[str, int]] = {
    "lt": ("{0} < {1}", 5),
    "le": ("{0} <= {1}", 5),
    "eq": ("{0} == {1}", 5),
    "ne": ("{0} != {1}", 5),
    "or": ("{0} | {1}", 6),
    "and": ("{0} & {1}", 7),
    "add": ("{0} + {1}", 10),
    "sub": ("{0} - {1}", 10),
    "mul": ("{0} * {1}", DIVISION),
    "div": ("{0} / {1}", DIVISION),
    "neg": ("-{0}", NEGATION),
    "not": ("~{0}", NEGATION),
    "powi": ("{0}**{1}", POWER),
}
"""Pattern and precedence of what Python writes between its operands or before one; `not` and `neg` bind alike."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a target spells the ops.

    `calls` maps op names to format strings (`"torch.exp({0})"`); ops in it win over the operators of `infix`, which are
    Python's if not given. `literal` prints a float constant, and with `ratios` a long one is a quotient of integers
    where that is short; `missing` lists ops that the target lacks. `special`, where given, is asked
    first: it may print a node whose spelling depends on its operands, given their texts, or return None. `converted`,
    where given, says how a user (the first node) writes an operand (the second) of this text; `within`, which nodes
    have no name of their own, however long a line is. `flushes` says that subnormal numbers become 0 on the target's
    CPU.
    """

    name: str
    calls: Mapping[str, str]
    literal: Callable[[float], str]
    missing: frozenset[str] = frozenset()
    special: Callable[[Node, Sequence[str]], str | None] | None = None
    converted: Callable[[Node, Node, str], str] | None = None
    within: Callable[[Node], bool] = lambda _: False
    flushes: bool = False
    infix: Mapping[str, tuple[str, int]] = field(default_factory=lambda: PYTHON_INFIX)
    ratios: bool = True


def python_literal(value: float) -> str:
    """A float as Python source that reads back to the same bits; integers keep a short form."""
    if math.isnan(value):
        return "math.nan"
    if math.isinf(value):
        return "math.inf" if value > 0 else "-math.inf"
    if value == int(value) and abs(value) < 1e6:
        return str(int(value)) if value or math.copysign(1, value) > 0 else "-0.0"
    return repr(value).replace("e+", "e")  # as `ruff format` writes exponents


def constant_text(current: Node, literal: Callable[[float], str] = python_literal) -> str:
    """A constant as source, a long one as a quotient of integers where that is short and the same float."""
    text = literal(current.value)
    return _ratio(current) or text if len(text) > 9 else text


def _ratio(current: Node) -> str | None:
    """A long constant as `p / q`, where that is short and rounds to the same float."""
    if not isinstance(current.exact, sp.Rational):
        return None
    exact = Fraction(int(current.exact.p), int(current.exact.q))
    text = f"{exact.numerator} / {exact.denominator}"
    short = len(text) < 12 and exact.denominator > 1
    return text if short and exact.numerator / exact.denominator == current.value else None
