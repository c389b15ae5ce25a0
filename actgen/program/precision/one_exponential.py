"""Sigmoids, and functions of a softplus, as quotients of polynomials in one exponential.

With e = e^-|u|, sigmoid(u) is e/(1 + e) or 1/(1 + e) by the sign of u, and tanh(softplus(u)) and sech(softplus(u))
are as simple. Products of them are one quotient: sigmoid(u)*sigmoid(-u) is e/(1 + e)². Where a framework takes four
exponentials and as many logarithms for Mish's slope, a kernel takes one exponential.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from actgen.program.build import ONE, ZERO, add, div, mul, neg, power, where
from actgen.program.program import Node, const, node, topological

_TWO = const(2)


def in_one_exponential(roots: Iterable[Node]) -> dict[Node, Node]:
    """The roots, and all below them, in such quotients."""
    new: dict[Node, Node] = {}
    for current in topological(roots):
        found, others = _parted(current)
        if found:
            product = None
            for factor in others:
                product = new[factor] if product is None else mul(product, new[factor])
            quotients = [quotient.node for quotient in found.values()]
            for quotient in quotients:
                product = quotient if product is None else mul(product, quotient)
            assert product is not None
            new[current] = product
        else:
            new[current] = current.with_operands(tuple(new[a] for a in current.args))
    return new


@dataclass(frozen=True, slots=True)
class _Quotient:
    """A number, times e to one power where u is negative and to another where not, (1 + e)^ones and (top/bottom)^tops.

    Top and bottom are those of tanh(softplus(u)); `bottoms` is the power of a further bottom.
    """

    u: Node
    number: int = 1
    negative: int = 0
    positive: int = 0
    ones: int = 0
    tops: int = 0
    bottoms: int = 0

    def to(self, times: int) -> _Quotient:
        """A power."""
        powers = {name: times * getattr(self, name) for name in _POWERS}
        return replace(self, number=self.number**times, **powers)

    def __mul__(self, other: _Quotient) -> _Quotient:
        powers = {name: getattr(self, name) + getattr(other, name) for name in _POWERS}
        return replace(self, number=self.number * other.number, **powers)

    @property
    def node(self) -> Node:
        """As ops."""
        is_negative, e = node("lt", self.u, ZERO), node("exp", neg(node("abs", self.u)))
        beside_one = add(ONE, e)
        top = where(is_negative, mul(e, add(e, _TWO)), add(ONE, mul(_TWO, e)))
        bottom = add(top, where(is_negative, _TWO, mul(mul(_TWO, e), e)))
        both = self._in_both
        above = [(top, self.tops), (beside_one, self.ones - both), (bottom, self.bottoms)]
        numerator = where(is_negative, power(e, self.negative - both), power(e, self.positive - both))
        if both:
            numerator = mul(mul(e, beside_one), numerator)
        for base, times in above:
            numerator = mul(numerator, power(base, times)) if times > 0 else numerator
        denominator = ONE
        for base, times in above:
            denominator = mul(denominator, power(base, -times)) if times < 0 else denominator
        return div(mul(const(self.number), numerator), denominator)

    @property
    def _in_both(self) -> int:
        """Whether there is an e*(1 + e) on either side of 0: it is rounded once."""
        return int(min(self.negative, self.positive, self.ones) > 0)


_POWERS = ("negative", "positive", "ones", "tops", "bottoms")


def _parted(product: Node) -> tuple[Mapping[Node, _Quotient], list[Node]]:
    """A product as its quotients, by their u, and its other factors."""
    found: dict[Node, _Quotient] = {}
    others: list[Node] = []
    for factor in _factors(product):
        quotient = _quotient(factor)
        if quotient is None:
            others.append(factor)
        else:
            found[quotient.u] = found[quotient.u] * quotient if quotient.u in found else quotient
    return found, others


def _factors(product: Node) -> list[Node]:
    if product.op != "mul":
        return [product]
    return [f for operand in product.args for f in _factors(operand)]


def _quotient(factor: Node) -> _Quotient | None:
    if factor.op == "powi" and factor.args[1].value > 0:
        base = _quotient(factor.args[0])
        return None if base is None else base.to(int(factor.args[1].value))
    if factor.op == "sigmoid":
        u = factor.args[0]
        return _Quotient(u.args[0], positive=1, ones=-1) if u.op == "neg" else _Quotient(u, negative=1, ones=-1)
    if factor.op in ("tanh", "sech") and factor.args[0].op == "softplus":
        u = factor.args[0].args[0]
        if factor.op == "tanh":
            return _Quotient(u, tops=1, bottoms=-1)
        return _Quotient(u, number=2, positive=1, ones=1, bottoms=-1)
    return None
