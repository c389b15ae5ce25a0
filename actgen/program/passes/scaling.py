"""√(u² + c) as s·√((u/s)² + c/s²) with s = max(|u|, 1), so that u² does not overflow."""

from __future__ import annotations

from actgen.program.build import where
from actgen.program.program import Node, const, node, rewrite


def with_scaled_roots(root: Node) -> Node:
    """The root with every square root of a square and something else scaled."""
    return rewrite([root], _scaled)[root]


def _scaled(current: Node) -> Node:
    inner = current.args[0] if current.op == "sqrt" else current
    if inner is current or inner.op != "add":
        return current
    squares = [a for a in inner.args if a.op == "powi" and a.args[1] is const(2)]
    if not squares:
        return current
    u = squares[0].args[0]
    rest = inner.args[0] if inner.args[1] is squares[0] else inner.args[1]
    size = node("abs", u)
    s = where(node("lt", const(1), size), size, const(1))
    scaled = node("add", node("powi", node("div", u, s), const(2)), node("div", node("div", rest, s), s))
    return node("mul", s, node("sqrt", scaled))
