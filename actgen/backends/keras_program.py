"""What Keras needs of a Program before it is printed: no constant that a framework would round to float32.

`keras.ops` functions turn a bare Python number into a float32 tensor on torch, and two of them in a `where` on every
backend. Operators (`x + 0.7`) are exact everywhere, so a constant that needs it is added
to zeros of the right dtype.
"""

from __future__ import annotations

import math
import struct

from actgen.program.program import Node, Program, arg, node, rewrite, topological

_EXACT_OPERANDS = frozenset({"pow", "atan2", "hypot", "logaddexp", "min", "max", "where"})


def portable(program: Program) -> Program:
    """The same program with inexact constants spelled through `fill`, and with results that depend on an input.

    Constants in `min` and `max` move to the second place.
    """
    first = arg(program.inputs[0])
    new = rewrite(program.roots(), lambda n: _exact_operands(_ordered(n), first))
    roots = {old: _dependent(new[old], first) for old in program.roots()}
    return program.with_roots(roots, {new[old]: hint for old, hint in program.hints.items() if old in new})


def _ordered(current: Node) -> Node:
    if current.op in ("min", "max") and current.args[0].op == "const":
        return node(current.op, current.args[1], current.args[0])
    return current


def _exact_operands(current: Node, first: Node) -> Node:
    if current.op not in _EXACT_OPERANDS:
        return current
    operands = [a for a in current.args if not a.is_bool]
    only_constants = all(a.op == "const" for a in operands)
    like = _argument(current) or first
    args = list(current.args)
    for index, operand in enumerate(args):
        if operand.op == "const" and (only_constants or not _fits_float32(operand.value)):
            args[index] = node("fill", operand, like)
            only_constants = False
    return node(current.op, *args)


def _argument(current: Node) -> Node | None:
    """The first argument that a node depends on, if any."""
    return next((n for n in topological((current,)) if n.op == "arg"), None)


def _dependent(root: Node, first: Node) -> Node:
    """A result that is a tensor: a bare constant is spread over the first input."""
    return root if _argument(root) else node("fill", root, first)


def _fits_float32(value: float) -> bool:
    if not math.isfinite(value):
        return True
    return abs(value) < 3.4e38 and struct.unpack("f", struct.pack("f", value))[0] == value
