"""Names for intermediate values: short, and saying what the value is where that can be said."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from actgen.program.ops import OPS
from actgen.program.program import Node

_GENERIC = {
    "add": "u",
    "sub": "u",
    "mul": "p",
    "div": "q",
    "neg": "m",
    "pow": "power",
    "powi": "power",
    "where": "v",
    "poly": "series",
    "lt": "below",
    "le": "upto",
    "eq": "at",
    "ne": "off",
    "and": "both",
    "or": "either",
    "not": "outside",
    "isnan": "is_nan",
    "isinf": "is_inf",
    "min": "smaller",
    "max": "larger",
    "sqrt": "root",
    "cbrt": "root",
    "abs": "size",
    "sign": "side",
}
_FUNCTIONS = {
    "exp": "e",
    "expm1": "em1",
    "logsigmoid": "log_sigmoid",
    "logaddexp": "log_add_exp",
    "lgamma": "log_gamma",
}
_FUNCTION_WORDS = frozenset(_FUNCTIONS.get(op, op) for op in OPS if op not in _GENERIC)
_CLAMPED = {("max", True): "pos", ("min", True): "neg", ("max", False): "above", ("min", False): "below"}
_SIGNS = {("lt", 0): "pos", ("lt", 1): "neg", ("le", 0): "nonneg", ("le", 1): "nonpos", ("eq", 0): "zero"}
_OPPOSITES = {"pos": "neg", "neg": "pos", "nonneg": "neg", "nonpos": "pos", "near": "far", "far": "near"}
_JOINED = {"mul": "_", "div": "_over_", "add": "_plus_", "sub": "_minus_"}
_LONGEST = 20


def stem(node: Node, texts: Mapping[Node, tuple[str, int]]) -> str:
    """What a node would like to be called: `x_neg` for min(x, 0), `beta_x` for beta * x, `em1` for an expm1.

    Args:
        node: the value to name.
        texts: how each operand below is written (and how tightly it binds); identifiers are taken over.
    """
    return _Namer(texts).made(node) or _generic(node) or _FUNCTIONS.get(node.op, node.op)


def _generic(node: Node) -> str | None:
    """A word for any result of the op; of a comparison, as the emitted source writes it, the quantity first."""
    if node.op == "lt" and any(map(_is_zero, node.args)):
        return "positive" if _is_zero(node.args[0]) else "negative"
    if node.op in ("lt", "le") and node.args[0].op == "const":
        return "above" if node.op == "lt" else "at_least"
    return _GENERIC.get(node.op)


def side(condition: Node, holds: bool) -> str | None:
    """What a value is called that is chosen where a condition holds, or where it does not: `pos`, `far`."""
    word = _sign(condition) or _distance(condition)
    return word if holds or word is None else _OPPOSITES.get(word)


class _Namer:
    def __init__(self, texts: Mapping[Node, tuple[str, int]]) -> None:
        self.texts = texts

    def made(self, node: Node) -> str | None:
        """A name made of what the operands are called; None if there is none that is short."""
        if node.op in ("min", "max"):
            return self._clamped(node)
        if node.is_bool:
            return self._condition(node)
        if node.op == "where":
            return self._chosen(node)
        if node.op == "powi":
            return _power(self.word(node.args[0]), node.args[1])
        if node.op in _JOINED:
            return self._joined(node)
        if node.op == "finite":
            return self.word(node.args[0])
        if node.op == "abs" and (word := self.word(node.args[0])):
            return _short(f"{word}_abs")
        if node.op == "neg" and (word := self.word(node.args[0])):
            return _short(f"minus_{word}")
        if node.op in ("sigmoid", "softplus", "exp") and node.args[0].op == "neg":
            return f"{_FUNCTIONS.get(node.op, node.op)}_neg"
        return None

    def word(self, node: Node) -> str | None:
        """What a node is called, or would be: a function goes by its own name."""
        text, _ = self.texts.get(node, ("", 0))
        if node.op != "const" and text.isidentifier():
            return text.strip("_")
        if node.op in ("const", "fill", "neg", "add", "sub"):
            return None
        return self.made(node) or (None if node.op in _GENERIC else _FUNCTIONS.get(node.op, node.op))

    def _joined(self, node: Node) -> str | None:
        parts = [f for f in _factors(node) if f.op != "const"] if node.op == "mul" else node.args
        words = [word for part in parts if (word := self.word(part))]
        if len(words) < max(2, len(parts)):
            return None
        if node.op == "mul":  # as a formula is read: `alpha_e`, not `e_alpha`
            words.sort(key=lambda word: word in _FUNCTION_WORDS)
        return _short(_JOINED[node.op].join(words))

    def _clamped(self, node: Node) -> str | None:
        first, second = node.args
        held, bound = (second, first) if first.op == "const" else (first, second)
        suffix = _CLAMPED[node.op, _is_zero(bound)]
        word = self.word(held)
        return _short(f"{word}_{suffix}") if word else None

    def _chosen(self, node: Node) -> str | None:
        """`x_pos` for where(x > 0, x, 0), a value held fixed elsewhere; `minus_abs_x` for where(x > 0, -x, x)."""
        condition, a, b = node.args
        if (
            a.op == "neg"
            and a.args[0] is b
            and condition.op == "lt"
            and condition.args[1] is b
            and _is_zero(condition.args[0])
        ):
            word = self.word(b)
            return _short(f"minus_abs_{word}") if word else None
        if (a.op == "const") == (b.op == "const"):
            return None
        suffix, word = side(condition, b.op == "const"), self.word(a if b.op == "const" else b)
        if word is None or suffix is None:
            return None
        return _short(word if word.endswith(f"_{suffix}") else f"{word}_{suffix}")

    def _condition(self, node: Node) -> str | None:
        if node.op in ("isnan", "isinf"):
            word = self.word(node.args[0])
            return f"{word}_is_{node.op[2:]}" if word else None
        if found := side(node, holds=True):
            return found
        if node.op not in ("lt", "le", "eq"):
            return None
        first, second = node.args
        if node.op == "eq":
            word = self.word(first)
            return f"{word}_is_zero" if word and _is_zero(second) else None
        return self._compared(first, second, strict=node.op == "lt")

    def _compared(self, low: Node, high: Node, strict: bool) -> str | None:
        """`x_above_3` for 3 < x, `x_from_3` for 3 <= x, `x_below_a` for x < a, `x_upto_a` for x <= a."""
        if low.op == "arg" and high.op != "const":
            low_word, high_word = self.word(low), self.word(high)
            return _short(f"{low_word}_{'below' if strict else 'upto'}_{high_word}") if high_word else None
        held, bound = (high, low) if low.op == "const" else (low, high)
        word, number = self.word(held), _number(bound)
        if word is None or number is None:
            return None
        relation = (("above", "from") if bound is low else ("below", "upto"))[not strict]
        return _short(f"{word}_{relation}_{number}")


def _factors(node: Node) -> list[Node]:
    """The factors of nested products, as written."""
    if node.op != "mul":
        return [node]
    return [f for a in node.args for f in _factors(a)]


def _power(base: str | None, exponent: Node) -> str | None:
    if base is None:
        return None
    return _short(f"{base}_sq" if exponent.payload == 2 else f"{base}_pow{exponent.payload}".replace("-", "m"))


def _short(name: str) -> str | None:
    return name if len(name) <= _LONGEST else None


def _number(node: Node) -> str | None:
    """A small integer as part of a name."""
    if node.op != "const" or not isinstance(node.exact, sp.Integer) or abs(int(node.exact)) > 99:
        return None
    return str(node.exact).replace("-", "minus_")


def _sign(node: Node) -> str | None:
    """`pos` for 0 < x and the like, where an argument is compared with zero or an infinity."""
    if node.op not in ("lt", "le", "eq"):
        return None
    first, second = node.args
    if node.op == "eq" and second.op == "const" and second.payload in (sp.oo, -sp.oo):
        return "at_inf" if second.payload == sp.oo else "at_minus_inf"
    if _is_zero(first) and second.op == "arg":
        return _SIGNS.get((node.op, 0))
    if _is_zero(second) and first.op == "arg":
        return _SIGNS.get(("eq", 0) if node.op == "eq" else (node.op, 1))
    return None


def _distance(node: Node) -> str | None:
    """`near` for |u| < c, or several of them; `far` for c < |u|."""
    if node.op == "and":
        return "near" if all(_distance(a) == "near" for a in node.args) else None
    if node.op != "lt":
        return None
    low, high = node.args
    if low.op == "abs" and high.op == "const":
        return "near"
    return "far" if low.op == "const" and high.op == "abs" else None


def _is_zero(node: Node) -> bool:
    return node.op == "const" and node.payload == 0
