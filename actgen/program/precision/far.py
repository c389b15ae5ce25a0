"""Elements that a kernel computes in float64 throughout, one by one: rare, and not worth a slower kernel for all.

Large angles are such, for their reduction is a loop. So may be, where parameters are about, exponents from where e^u
is nearly out of the range of float32, as in `lambda*(alpha*expm1(beta*x) + …)` if beta is negative and x is -400; and
inputs near the smallest numbers, of which products have few digits left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from actgen.formats import Array
from actgen.program.precision.mixed import evaluate_mixed
from actgen.program.program import Node, Program, arg, topological

_LARGEST_ANGLE = 2.0**16
_LARGEST_EXPONENT = 80.0
_SMALLEST = 2.0**-100  # all as `base.h`, `angles.h` and `exp.h` have them
OF_ANGLES = frozenset({"sin", "cos", "tan"})
GROWING = frozenset({"exp", "expm1", "sinh", "cosh"})


@dataclass(frozen=True, slots=True)
class Far:
    """An element is far if an angle is large, or an exponent, or an input is tiny, but not 0."""

    angles: tuple[Node, ...] = ()
    exponents: tuple[Node, ...] = ()
    inputs: tuple[Node, ...] = ()

    @property
    def tests(self) -> tuple[tuple[str, Node], ...]:
        """The function of the math header that is asked, and of what."""
        named = (("is_far", self.angles), ("is_steep", self.exponents), ("is_tiny", self.inputs))
        return tuple((name, current) for name, nodes in named for current in nodes)

    def rows(self, columns: Mapping[str, Array]) -> npt.NDArray[np.bool_]:
        """Which rows are such elements."""
        size = len(next(iter(columns.values())))
        angles, exponents = (evaluate_mixed(nodes, columns, {}) for nodes in (self.angles, self.exponents))
        found = [np.abs(a) > _LARGEST_ANGLE for a in angles] + [u > _LARGEST_EXPONENT for u in exponents]
        sizes = [np.abs(columns[x.name]) for x in self.inputs]
        found += [(s < _SMALLEST) & (s > 0) for s in sizes]
        return np.any([np.zeros(size, dtype=np.bool_), *found], axis=0)


def candidates(program: Program) -> tuple[Far, ...]:
    """What may be far, the least first: angles must be."""
    nodes = tuple(topological(program.roots()))
    angles = tuple(dict.fromkeys(n.args[0] for n in nodes if n.op in OF_ANGLES))
    arguments = dict.fromkeys(n.args[0] for n in nodes if n.op in GROWING)
    exponents = tuple(u for u in arguments if _has_any(u, program.parameters) and _has_any(u, program.inputs))
    inputs = tuple(arg(name) for name in program.inputs) if program.parameters else ()
    return tuple(dict.fromkeys(Far(angles, u, x) for x in ((), inputs) for u in ((), exponents)))


def _has_any(current: Node, names: tuple[str, ...]) -> bool:
    return any(n.op == "arg" and n.name in names for n in topological([current]))
