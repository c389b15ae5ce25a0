"""Where the formula has no real value, value and partials are NaN: also those partials whose own formula is finite."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from actgen.program.build import ZERO, where
from actgen.program.evaluate import evaluate_nodes
from actgen.program.program import Node, const, node
from actgen.program.sampling import Samples


def within_domain(
    roots: Sequence[Node], nonnegative: Sequence[Node], points: Samples, mask: npt.NDArray[np.bool_]
) -> list[Node]:
    """The roots with a select to NaN wherever a quantity that must not be negative is, unless they have it already."""
    outside: Node | None = None
    for quantity in nonnegative:
        below = node("lt", quantity, ZERO)
        outside = below if outside is None else node("or", outside, below)
    if outside is None:
        return list(roots)
    rows = mask & np.asarray(evaluate_nodes([outside], points.columns)[0], dtype=bool)
    if not rows.any():
        return list(roots)
    values = evaluate_nodes(roots, points.columns)
    return [
        root if np.all(np.isnan(value[rows])) else where(outside, const(float("nan")), root)
        for root, value in zip(roots, values, strict=True)
    ]
