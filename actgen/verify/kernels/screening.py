"""The kernel in float64 in place of the oracle between the points at which the oracle was asked.

Its results have the same bits on every machine, as numpy's have not; so has everything that is measured against it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actgen.formats import Array
from actgen.program.evaluate import evaluate_nodes
from actgen.program.program import Node, Program, topological
from actgen.verify.kernels.calling import Elements
from actgen.verify.screen import Columns, Key, Signs

_COMPARISONS = frozenset({"lt", "le", "eq", "ne"})
_EXACT_NAMES = "arg const add sub mul div neg abs min max sqrt where and or not"
_EXACT = _COMPARISONS | frozenset(_EXACT_NAMES.split())


@dataclass(frozen=True, slots=True)
class KernelScreen:
    """A kernel that computes in float64; the program says where its choices fall."""

    elements: Elements
    program: Program

    def values(self, columns: Columns) -> dict[Key, Array]:
        """See `Screen`."""
        activation = self.elements.activation
        values, partials = self.elements.results(columns)
        found: dict[Key, Array] = {}
        for place, output in enumerate(activation.outputs):
            found[output.name, None] = values[place]
            found |= {(output.name, v.name): partials[place, i] for i, v in enumerate(activation.variables)}
        return found

    def signs(self, columns: Columns) -> Signs:
        """See `Screen`; of the program's comparisons those of which numpy gives the same bits everywhere."""
        compared = [_sign(r) for r in evaluate_nodes(self._comparisons(), dict(columns))]
        size = len(next(iter(columns.values())))
        rows = [np.broadcast_to(row, size) for row in compared]
        return np.array([*rows, *(_sign(r) for r in self.values(columns).values())])

    def _comparisons(self) -> list[Node]:
        nodes = list(topological(self.program.roots()))
        exact: set[Node] = set()
        for node in nodes:
            if node.op in _EXACT and all(a in exact for a in node.args):
                exact.add(node)
        return [n for n in nodes if n.op in _COMPARISONS and n in exact]


def _sign(values: Array) -> Signs:
    if values.dtype == np.bool_:
        return values.astype(np.int8)
    return np.where(np.isnan(values), 2, np.sign(np.nan_to_num(values))).astype(np.int8)
