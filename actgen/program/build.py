"""Makes nodes with the trivial simplifications that keep programs readable; none of them changes a value."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from actgen.program.program import Node, const, node, polynomial

ZERO, ONE = const(0), const(1)
_SHORT = 3  # terms that read better written out


def add(a: Node, b: Node) -> Node:
    """A + b; a negated operand becomes a subtraction."""
    if a is ZERO:
        return b
    if b is ZERO:
        return a
    if b.op == "neg":
        return node("sub", a, b.args[0])
    if a.op == "neg":
        return node("sub", b, a.args[0])
    return node("add", a, b)


def sub(a: Node, b: Node) -> Node:
    """A - b."""
    if b is ZERO:
        return a
    if a is ZERO:
        return neg(b)
    return add(a, b.args[0]) if b.op == "neg" else node("sub", a, b)


def neg(a: Node) -> Node:
    """-a."""
    if a.op == "neg":
        return a.args[0]
    if a.op == "const":
        return const(-a.exact)
    return node("neg", a)


def mul(a: Node, b: Node) -> Node:
    """A * b; constants to the left, signs outside."""
    if ZERO in (a, b):
        return ZERO
    if a is ONE:
        return b
    if b is ONE:
        return a
    if b.op == "const":
        a, b = b, a
    if a.op == "const" and a.payload == -1:
        return neg(b)
    if a.op == "neg" or b.op == "neg":
        flipped = (a.op == "neg") != (b.op == "neg")
        product = mul(a.args[0] if a.op == "neg" else a, b.args[0] if b.op == "neg" else b)
        return neg(product) if flipped else product
    return node("mul", a, b)


def div(a: Node, b: Node) -> Node:
    """A / b."""
    if b is ONE or a is ZERO:
        return a
    if a.op == "neg":
        return neg(div(a.args[0], b))
    return node("div", a, b)


def power(a: Node, exponent: int) -> Node:
    """A to an integer power, by name."""
    if exponent == 0:
        return ONE
    if exponent == 1:
        return a
    if exponent < 0:
        return div(ONE, power(a, -exponent))
    return node("powi", a, const(exponent))


def less(a: Node, b: Node) -> Node:
    """A < b; a sign is on the number's side."""
    if a.op == "neg" and b.op == "const":
        return node("lt", neg(b), a.args[0])
    if b.op == "neg" and a.op == "const":
        return node("lt", b.args[0], neg(a))
    return node("lt", a, b)


def where(condition: Node, a: Node, b: Node) -> Node:
    """A where the condition holds, else b."""
    return a if a is b else node("where", condition, a, b)


def both(a: Node, b: Node) -> Node:
    """Both conditions."""
    return a if a is b else node("and", a, b)


def horner(coefficients: Sequence[sp.Expr], u: Node, called: str) -> Node:
    """Σ cₖ uᵏ, in u² when every other coefficient vanishes; `called` names the coefficients of a long one."""
    odd, even = coefficients[1::2], coefficients[0::2]
    if len(coefficients) > 2 and all(c == 0 for c in odd):
        return horner(even, power(u, 2), called)
    if len(coefficients) > 2 and all(c == 0 for c in even):
        return mul(u, horner(odd, power(u, 2), called))
    if len(coefficients) > 1 and coefficients[0] == 0:
        return mul(u, horner(coefficients[1:], u, called))
    if len(coefficients) > _SHORT:
        return polynomial(u, coefficients, called)
    total = const(coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        total = add(const(coefficient), mul(u, total)) if coefficient != 0 else mul(u, total)
    return total
