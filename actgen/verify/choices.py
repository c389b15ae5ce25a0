"""Choices of a formula that floats may decide the other way: those that compare what is computed."""

from __future__ import annotations

from actgen.activation import Activation
from actgen.formula import Call, Compare, Constant, Name, Node, Number, walk

_CHOOSING = frozenset({"Max", "Min", "clip", "relu", "Abs", "sign"})


def has_computed_choice(activation: Activation) -> bool:
    """Whether one depends on anything but an input, a parameter or a number.

    Such a quantity is rounded before it is compared, so arguments whose last bits decide may fall on either side.
    """
    return any(_chooses(node) for output in activation.outputs for node in walk(activation.resolved(output)))


def _chooses(node: Node) -> bool:
    match node:
        case Compare(left=left, right=right):
            return _is_computed(left) or _is_computed(right)
        case Call(function=function, args=args) if function in _CHOOSING:
            return any(map(_is_computed, args))
        case _:
            return False


def _is_computed(node: Node) -> bool:
    if isinstance(node, Call) and node.function == "neg":
        return _is_computed(node.args[0])
    return not isinstance(node, (Name, Number, Constant))
