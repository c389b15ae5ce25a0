"""Sums with thirds and the like over one denominator: x/3 + 1/2 is taken as (2x + 3)/6.

A compiler may multiply by a rounded 1/3 and add without rounding in between, as XLA does; then the zero of x/3 + 1/2 at
-3/2 becomes -3e-17. Over one denominator the sum is exact at its zero, whatever is fused. SymPy would undo this.
"""

from __future__ import annotations

from math import lcm

import sympy as sp

from actgen.program.build import add, div, mul, neg
from actgen.program.program import Node, Program, const, rewrite

_LARGEST = 1000  # of the integers that are printed


def over_one_denominator(program: Program) -> Program:
    """The program with its rational straight lines over one denominator each."""
    new = rewrite(program.roots(), _joined)
    return program.with_roots(new, {new[old]: name for old, name in program.hints.items() if old in new})


def _joined(current: Node) -> Node:
    if current.op not in ("add", "sub"):
        return current
    one, other = current.args
    if other.op == "const":
        line, constant, sign = one, other, 1
    elif one.op == "const":
        line, constant, sign = other, one, 1 if current.op == "add" else -1
    else:
        return current
    slope, u = _multiple(line)
    offset = constant.exact if current.op == "add" or one.op == "const" else -constant.exact
    if not (isinstance(slope, sp.Rational) and isinstance(offset, sp.Rational)) or _is_dyadic(slope):
        return current
    denominator = lcm(int(slope.q), int(offset.q))
    factor, rest = sign * slope * denominator, offset * denominator
    if max(denominator, abs(factor), abs(rest)) > _LARGEST:
        return current
    scaled = mul(const(abs(factor)), u)
    return div(add(neg(scaled) if factor < 0 else scaled, const(rest)), const(denominator))


def _multiple(line: Node) -> tuple[sp.Expr, Node]:
    """The node as a number times a node."""
    if line.op == "neg":
        slope, u = _multiple(line.args[0])
        return -slope, u
    if line.op == "mul" and line.args[0].op == "const":
        return line.args[0].exact, line.args[1]
    if line.op == "div" and line.args[1].op == "const":
        return 1 / line.args[1].exact, line.args[0]
    return sp.Integer(1), line


def _is_dyadic(value: sp.Rational) -> bool:
    q = int(value.q)
    return q & (q - 1) == 0
