"""How an expression behaves far out: a bound that makes the tail of an integral small, for a whole box of parameters.

All is for real z >= `start` >= 1. A bound of size is (a, c, d) with |u| <= e^(a + cz + dz²), one from above (p, q, r)
with u <= p + qz + rz². Sizes keep a margin far above the rounding of their sums.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import flint

from actgen.analysis.evaluation import number_ball
from actgen.program.program import Node
from actgen.solving.growth_facts import Bound, Facts, Range, constant, flatter, outward, ranged
from actgen.solving.growth_rules import RULES

_MARGIN = 1e-9


def tail_size(
    nodes: Sequence[Node], operands: Sequence[Sequence[int]], start: float, known: Mapping[str, Range]
) -> Bound:
    """A bound (a, c, d) with |u(z)| <= e^(a + cz + dz²) for z >= start; infinite where the rules give none.

    Args:
        nodes: the expression, operands before users; a name that is not in `known` is z.
        operands: the places of each node's operands.
        start: at least 1.
        known: the range of each parameter.
    """
    found: list[Facts] = []
    for current, places in zip(nodes, operands, strict=True):
        found.append(_facts(current, [found[i] for i in places], start, known))
    a, c, d = (part + _MARGIN * (1 + abs(part)) for part in found[-1].size)
    return a, c, d


def _facts(current: Node, args: list[Facts], start: float, known: Mapping[str, Range]) -> Facts:
    match current.op:
        case "arg" if current.name in known:
            return ranged(*known[current.name])
        case "arg":  # log z lies below its tangent at the start
            size = (math.log(start) - 1, 1 / start, 0.0)
            return Facts(start, math.inf, size, (0.0, 1.0, 0.0), constant(-start))
        case "const":
            ball = number_ball(current.exact)
            return ranged(*outward(float(ball.lower()), float(ball.upper())))
        case op if op in RULES:
            made = RULES[op](args)
            alone = ranged(made.low, made.high)
            return Facts(
                made.low,
                made.high,
                flatter(alone.size, made.size),
                flatter(alone.above, made.above),
                flatter(alone.below, made.below),
            )
    return ranged(-math.inf, math.inf)


def range_of(ball: flint.arb) -> Range:
    """The ends of a ball as floats, rounded outward."""
    return outward(float(ball.lower()), float(ball.upper()))
