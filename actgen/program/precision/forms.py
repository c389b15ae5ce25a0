"""The Program as a kernel computes it: fewer exponentials than a framework would take, and in forms that suit floats.

Each rule is an identity; which precision its results need is the search's to find.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import sympy as sp

from actgen.program.build import ZERO, less, mul, neg, power, where
from actgen.program.precision.one_exponential import in_one_exponential
from actgen.program.precision.zero_patches import with_zero_patches
from actgen.program.program import Node, Program, const, node, rewrite, topological

_BOUNDED = frozenset({"sigmoid", "tanh", "sech", "erfc"})


def kernel_program(program: Program, *, halves: bool = False) -> Program:
    """The program in the forms of a kernel; right in every format that it is computed in.

    Args:
        program: right in float64.
        halves: whether exp(u/2)*a*exp(u/2) stays as it is, which float64 can hold where e^u is out of its range.
    """
    first = rewrite(program.roots(), _in_halves if halves else _in_short)
    first = _with_shared_gaussians(first)
    second = in_one_exponential(first.values())
    hints = {second[new]: program.hints[old] for old, new in first.items() if old in program.hints}
    return with_zero_patches(program.with_roots({old: second[new] for old, new in first.items()}, hints))


def _with_shared_gaussians(new: Mapping[Node, Node]) -> dict[Node, Node]:
    """`exp(-x**2/2)` beside erfc(x/√2) as the exponential of the square that erfc takes, which it has inside."""
    arguments = [n.args[0] for n in topological(new.values()) if n.op == "erfc"]
    gaussians: dict[Node, Node] = {}
    for u in (a.args[0] if a.op == "neg" else a for a in arguments):
        if u.op == "mul" and u.args[0].op == "const":
            gaussians[neg(mul(const(u.args[0].exact ** 2), power(u.args[1], 2)))] = neg(power(u, 2))
    shared = rewrite(new.values(), lambda n: gaussians.get(n, n))
    return {old: shared[current] for old, current in new.items()}


def _in_short(current: Node) -> Node:
    return _guarded_as_a_whole(_joined(_without_guarded_halves(_without_halves(current))))


def _in_halves(current: Node) -> Node:
    return _guarded_as_a_whole(_joined(current))


def _without_halves(current: Node) -> Node:
    """`h*a*h` with h = exp(u/2) as `exp(u)*a`: a kernel can hold e^u below the range of its format."""
    if current.op != "mul":
        return current
    factors = _factors(current)
    twice = next((f for f in factors if f.op == "exp" and factors.count(f) == 2), None)
    if twice is None:
        return current
    return _product([node("exp", _doubled(twice.args[0])), *(f for f in factors if f is not twice)])


def _without_guarded_halves(current: Node) -> Node:
    """`(0 if h*b == 0 else h*a)*h` likewise."""
    if current.op != "mul":
        return current
    factors = _factors(current)
    for guarded in factors:
        vanishing = _vanishing(guarded)
        if vanishing is None:
            continue
        asked, inner = _factors(vanishing), _factors(guarded.args[2])
        half = next((f for f in inner if f.op == "exp" and f in factors and f in asked), None)
        if half is not None:
            whole = node("exp", _doubled(half.args[0]))
            one, other = (_joined(_product([whole if f is half else f for f in part])) for part in (asked, inner))
            rest = [f for f in factors if f is not guarded and f is not half]
            return _product([where(_is_zero(one), ZERO, other), *rest])
    return current


def _joined(current: Node) -> Node:
    """`exp(min(u, 0))*sigmoid(|u|)`, which was split for its halves, as sigmoid(u)."""
    factors = _factors(current)
    for e in factors:
        for other in factors:
            if e.op == "exp" and other.op == "sigmoid" and (u := _split_exponent(e.args[0], other.args[0])) is not None:
                return _product([node("sigmoid", u), *(f for f in factors if f is not e and f is not other)])
    return current


def _split_exponent(smaller: Node, size: Node) -> Node | None:
    """The u of which these are min(u, 0) and |u|, as selects by its sign."""
    if smaller.op != "where" or smaller.args[2] is not ZERO:
        return None
    negative, u, _ = smaller.args
    return u if size is where(negative, neg(u), u) and negative is less(u, ZERO) else None


def _product(factors: Sequence[Node]) -> Node:
    return functools.reduce(mul, factors)


def _factors(product: Node) -> list[Node]:
    if product.op != "mul":
        return [product]
    return [f for operand in product.args for f in _factors(operand)]


def _doubled(u: Node) -> Node:
    if u.op == "neg":
        return neg(_doubled(u.args[0]))
    if u.op == "mul" and u.args[0].op == "const":
        return mul(const(sp.Integer(2) * u.args[0].exact), u.args[1])
    return mul(const(2), u)


def _guarded_as_a_whole(current: Node) -> Node:
    """`(0 if f == 0 else x*f)*g` as `0 if f*g == 0 else x*f*g`, for then f*g can be made one; g is bounded.

    Around it, `0 if g == 0 else …` has nothing left to do.
    """
    if current.op == "mul":
        for guarded, other in (current.args, current.args[::-1]):
            vanishing = _vanishing(guarded)
            if vanishing is not None and _is_bounded(other):
                return where(_is_zero(mul(vanishing, other)), ZERO, mul(guarded.args[2], other))
    outer = _vanishing(current)
    inner = _vanishing(current.args[2]) if outer is not None else None
    return current.args[2] if inner is not None and outer in _factors(inner) else current


def _vanishing(current: Node) -> Node | None:
    """What is asked for being 0 in a select that is 0 then."""
    if current.op != "where" or current.args[1] is not ZERO:
        return None
    condition = current.args[0]
    return condition.args[0] if condition.op == "eq" and condition.args[1] is ZERO else None


def _is_zero(current: Node) -> Node:
    return node("eq", current, ZERO)


def _is_bounded(current: Node) -> bool:
    return current.op in _BOUNDED or (current.op == "powi" and _is_bounded(current.args[0]))
