"""What patches for large arguments share: where they are measured, what wants one, and from which |x| on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sympy as sp

from actgen.program.evaluate import evaluate_nodes
from actgen.program.forms import relative_error
from actgen.program.passes.near import BAD, Near, joined
from actgen.program.passes.scaling import with_scaled_roots
from actgen.program.program import Node, const
from actgen.program.sampling import Samples
from actgen.program.translate import Translator
from actgen.program.truth import truths
from actgen.symbolic.derivation import ExactPiece

Array = npt.NDArray[np.float64]
STARTS = (8, 10, 12, 16, 32, 64, 128, 256, 1024)
_GOOD = 4e-15
_BETWEEN = [8.6, 9.3, 9.9, 708.2]
"""Where a tail's last digits are lost early; where e^x times x overflows, and e^-x is a normal number."""
_SIZES = np.concatenate([np.geomspace(8, 1100, 17), np.geomspace(3e3, 1e12, 6), np.geomspace(1e40, 1e290, 5), _BETWEEN])


@dataclass(frozen=True, slots=True)
class Far:
    """The roots of a piece on the rows where one of its inputs is large.

    Attributes:
        exprs: the exact value and partials.
        roots: what stands for them so far.
        columns: the sample rows of the piece, moved out along that input.
        exact: the exact results there.
    """

    exprs: Sequence[sp.Expr]
    roots: Sequence[Node]
    columns: Mapping[str, Array]
    exact: Sequence[Array]

    def wanting(self) -> list[bool]:
        """Which roots are bad there, and stay so if their square roots are scaled."""
        scaled = evaluate_nodes([with_scaled_roots(root) for root in self.roots], self.columns)  # that may come yet
        both_ways = zip(self._errors(evaluate_nodes(self.roots, self.columns)), self._errors(scaled), strict=True)
        return [bool(np.any(np.minimum(before, after) > BAD)) for before, after in both_ways]

    def is_bad(self, near: Near) -> bool:
        """Whether a patch leaves bad results."""
        return self._score(near)[0] > 0

    def best(self, candidates: Sequence[Near]) -> Near | None:
        """The patch that measures best, of equal ones the last; None if none gains."""
        scores = [self._score(near) for near in candidates]
        best = min(range(len(candidates)), key=lambda k: (scores[k], -k))
        unpatched = self._score(Near(const(0), (None,) * len(self.roots), {}))
        return candidates[best] if scores[best] < unpatched else None

    def _errors(self, values: Sequence[Array]) -> list[Array]:
        return [relative_error(v, t) for v, t in zip(values, self.exact, strict=True)]

    def _score(self, near: Near) -> tuple[int, float]:
        """How many results are bad, and the worst error, in binary steps."""
        errors = self._errors(evaluate_nodes(joined(self.roots, near, {}), self.columns))
        worst = max(float(np.max(e, initial=0.0)) for e in errors)
        return sum(int(np.sum(e > BAD)) for e in errors), float(np.ceil(np.log2(max(worst, _GOOD))))


def far_side(
    piece: ExactPiece,
    roots: Sequence[Node],
    points: Samples,
    mask: npt.NDArray[np.bool_],
    name: str,
    signs: Collection[int],
    translate: Translator,
) -> Far | None:
    """The piece where |`name`| is large, on the sides of these signs; None if it has no rows there."""
    rows = np.flatnonzero(mask & np.isin(np.sign(points.columns[name]), list(signs)))
    if not rows.size:
        return None
    columns = {n: column[rows] for n, column in points.columns.items()}
    columns[name] = np.sign(columns[name]) * np.resize(_SIZES, rows.size)
    exprs = [piece.value, *piece.partials.values()]
    return Far(exprs, roots, columns, truths([translate(e) for e in exprs], columns))
