"""What can be said of a condition without knowing any name in it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction

from actgen.formula import Compare, Condition, Logic
from actgen.spec.constants import exact_value

_COMPARISONS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def truth(condition: Condition) -> bool | None:
    """Whether a condition holds whatever the inputs and parameters are; None if that depends on them."""
    if isinstance(condition, Compare):
        left, right = exact_value(condition.left), exact_value(condition.right)
        return None if left is None or right is None else _COMPARISONS[condition.op](left, right)
    parts = [truth(part) for part in condition.args]
    match condition:
        case Logic(op="not"):
            return None if parts[0] is None else not parts[0]
        case Logic(op="true" | "and"):
            return False if False in parts else None if None in parts else True
        case _:
            return True if True in parts else None if None in parts else False
