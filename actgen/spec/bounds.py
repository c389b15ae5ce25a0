"""Bounds: two ends, at least one of them finite."""

from __future__ import annotations

import math

from actgen.activation import Bounds
from actgen.spec.findings import Findings
from actgen.spec.tree import Scalar, Tree, find
from actgen.spec.values import read_pair


def read_bounds(pair: list[Scalar] | None, place: Tree, findings: Findings) -> Bounds | None:
    """The bounds of a parameter or a constant; None if there are none, or after a finding.

    Args:
        pair: the ends as written.
        place: the mapping that has them under `bounds`.
        findings: where faults go.
    """
    if pair is None:
        return None
    at = find(place, ("bounds",))
    values = read_pair(pair, at, findings, infinite=True)
    if values is None:
        return None
    low, high = values
    if low.value == -math.inf and high.value == math.inf:
        findings.error("ACT405", "bounds that are both infinite bound nothing", at.span, "remove the key")
        return None
    if not low.value < high.value:
        swapped = f"write `[{high.text}, {low.text}]`"
        help = swapped if low.value > high.value else "for a fixed value: `learnable: false`"
        findings.error("ACT405", f"the low bound {low.text} is not below the high bound {high.text}", at.span, help)
        return None
    return Bounds(low, high)
