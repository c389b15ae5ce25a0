"""How a kernel holds a value: as a float, as more than one, or in float64; and where the middle way may help."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import lru_cache

from actgen.program.build import ZERO
from actgen.program.program import Node, evaluation_order, topological


class Level(Enum):
    """The ways, each dearer than the one before it."""

    FLOAT = "float"
    FUSED = "fused"
    """A product that is not rounded before the one sum that takes it, or a sum in a product: fused multiply-add."""
    PAIR = "pair"
    """Two floats, the second what the first has rounded off: for arguments of functions."""
    SCALED = "scaled"
    """A float and a power of two: for factors that are out of range where their product is not."""
    WIDE = "wide"
    """Float64."""


Levels = Mapping[Node, Level]
"""Nodes that are not in it are floats."""

ARGUMENTS = frozenset({"exp", "expm1", "sin", "cos", "tan", "sinh", "cosh", "sech", "erfc", "softplus", "logsigmoid"})
"""Functions whose argument may be a pair: where they are steep, a rounding of it is many roundings of the result."""

_EXACT = frozenset({"mul", "add", "sub", "div", "neg", "abs", "powi", "finite"})
_ONE_TO_ONE = frozenset({"neg", "abs", "finite"})
_NEVER_NEGATIVE = frozenset({"exp", "sigmoid", "softplus", "erfc", "sech", "cosh", "abs", "sqrt"})
VANISHING = frozenset({"exp", "erfc"})
"""Functions that may be scaled."""


def lean(roots: Sequence[Node]) -> dict[Node, Level]:
    """Pairs for all that leads to a function's argument by arithmetic alone; scaled, what vanishes and its products."""
    return _with_pairs(roots, _arguments)


def close(roots: Sequence[Node]) -> dict[Node, Level]:
    """The same with pairs for what leads to a divisor, too: a quotient by a pair is dearer, and has fewer roundings."""
    return _with_pairs(roots, lambda user: user.args[1:] if user.op == "div" else _arguments(user))


def _arguments(user: Node) -> tuple[Node, ...]:
    return user.args if user.op in ARGUMENTS else ()


def _with_pairs(roots: Sequence[Node], taken: Callable[[Node], tuple[Node, ...]]) -> dict[Node, Level]:
    """Pairs for the operands that are `taken` as such, and what leads to them; scaled as for `lean`."""
    order = list(topological(roots))
    levels: dict[Node, Level] = {}
    wanted: set[Node] = set()
    for current in reversed(order):
        if current in wanted and _may_be_pair(current):
            levels[current] = Level.PAIR
            wanted |= {*current.args}
        else:
            wanted |= {*taken(current)}
    for current in order:
        if current.op in VANISHING or (current not in levels and _scaled_operands(current, levels)):
            levels[current] = Level.SCALED
    return levels


def settled(roots: Sequence[Node], levels: Levels) -> Levels:
    """The levels as they come to be: no more digits than the operands have, and fused products in sums of floats.

    Nor fewer where they cost nothing: the negative of a pair is one, and functions of it may share what they compute.
    """
    found = dict(levels)
    for current in evaluation_order(tuple(roots)):
        if _adds_nothing(current, found):
            found[current] = Level.FLOAT
        elif current.op in _ONE_TO_ONE and found.get(current, Level.FLOAT) is Level.FLOAT:
            found[current] = Level.PAIR if found.get(current.args[0]) is Level.PAIR else Level.FLOAT
    for total, product in _summed_products(tuple(roots)):
        if Level.FLOAT is found.get(total, Level.FLOAT) is found.get(product, Level.FLOAT):
            found[product] = Level.FUSED
    for product, total in _multiplied_sums(tuple(roots)):
        if (
            found.get(product, Level.FLOAT) in (Level.FLOAT, Level.SCALED)
            and found.get(total, Level.FLOAT) is Level.FLOAT
        ):
            found[total] = Level.FUSED
    return found


def _adds_nothing(current: Node, levels: Levels) -> bool:
    match levels.get(current, Level.FLOAT):
        case Level.PAIR:
            return current.op in _ONE_TO_ONE and levels.get(current.args[0]) is not Level.PAIR
        case Level.SCALED:
            return current.op not in ARGUMENTS and not _scaled_operands(current, levels)
        case _:
            return False


@lru_cache(maxsize=32)
def _summed_products(roots: tuple[Node, ...]) -> tuple[tuple[Node, Node], ...]:
    """Sums, each with one product among its operands that nothing else takes."""
    uses = _uses(roots)
    found: list[tuple[Node, Node]] = []
    for current in topological(roots):
        if current.op in ("add", "sub"):
            products = [a for a in current.args if a.op == "mul" and uses[a] == 1]
            found += [(current, a) for a in products[:1]]
    return tuple(found)


@lru_cache(maxsize=32)
def _multiplied_sums(roots: tuple[Node, ...]) -> tuple[tuple[Node, Node], ...]:
    """Products a*(a + c), c a power of two, each with its sum, which nothing else takes.

    As a*a + c*a they are rounded once, and no infinities cancel where neither is negative.
    """
    uses = _uses(roots)
    return tuple(
        (current, total)
        for current in topological(roots)
        if current.op == "mul"
        for base, total in (current.args, current.args[::-1])
        if total.op == "add" and uses[total] == 1 and base.op in _NEVER_NEGATIVE and _adds_power_of_two(total, base)
    )


def _adds_power_of_two(total: Node, base: Node) -> bool:
    others = [a for a in total.args if a is not base]
    return len(others) == 1 and others[0].op == "const" and math.frexp(others[0].value)[0] == 0.5


def _uses(roots: tuple[Node, ...]) -> Counter[Node]:
    uses = Counter(roots)
    for current in topological(roots):
        uses.update(current.args)
    return uses


def kept(user: Node, levels: Levels) -> frozenset[Node]:
    """The operands that a node takes with all that they have; the others it takes as floats."""
    pairs = frozenset(a for a in user.args if levels.get(a) is Level.PAIR or a.op == "const")
    fused = frozenset(a for a in user.args if levels.get(a) is Level.FUSED)
    divisor = frozenset(a for a in user.args[1:] if divides_by_pair(user, levels))
    if user.is_bool:
        wide = any(levels.get(a) is Level.WIDE for a in user.args) or _asks_for_zero(user, levels)
        return frozenset(user.args if wide else ())
    match levels.get(user, Level.FLOAT):
        case Level.WIDE:
            return frozenset(user.args)
        case Level.PAIR:
            return pairs
        case Level.SCALED if user.op not in ARGUMENTS:
            return frozenset(_scaled_operands(user, levels)) | fused | divisor
        case _:
            return pairs if user.op in ARGUMENTS else fused | divisor


def divides_by_pair(current: Node, levels: Levels) -> bool:
    """Whether it is a quotient by a pair that is itself none, but rounded."""
    rounded = levels.get(current, Level.FLOAT) in (Level.FLOAT, Level.SCALED)
    return current.op == "div" and rounded and levels.get(current.args[1]) is Level.PAIR


def _scaled_operands(current: Node, levels: Levels) -> tuple[Node, ...]:
    """The operands that may be scaled by what the math header has: never a divisor."""
    candidates = {"mul": current.args, "neg": current.args, "div": current.args[:1], "where": current.args[1:]}
    return tuple(a for a in candidates.get(current.op, ()) if levels.get(a) is Level.SCALED)


def _asks_for_zero(condition: Node, levels: Levels) -> bool:
    """Whether a scaled number is compared with 0: all of it, though as a float it may be 0."""
    scaled = levels.get(condition.args[0]) is Level.SCALED
    return condition.op in ("eq", "ne") and scaled and condition.args[1] is ZERO


def _may_be_pair(current: Node) -> bool:
    if current.op == "div":
        return current.args[1].op != "const"
    return current.op in _EXACT and (current.op != "powi" or current.args[1].value == 2)
