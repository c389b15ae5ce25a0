"""Zeros that move with a parameter: what an error there is measured in.

`alpha*expm1(beta*x) + gamma*sin(omega*x)` is 0 somewhere, and where it is depends on five numbers. No finite number of
digits is enough beside such a zero, and no patch can be written for it. So the error is not counted in ulp of the
result, but in those of its largest addend. A zero that stands still, as that of GELU's slope at -0.75, is not exempt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from actgen.formats import Array
from actgen.program.evaluate import NUMPY_OPS
from actgen.program.program import Node, Program, evaluation_order


@dataclass(frozen=True, slots=True)
class MovingZeros:
    """The sums of a program whose zeros move: they have parameters and inputs below them, and take both signs."""

    sums: frozenset[Node]

    @classmethod
    def of(cls, program: Program, columns: Mapping[str, Array]) -> MovingZeros:
        """The sums that take both signs at one set of parameters.

        Args:
            program: what is computed.
            columns: inputs and parameters, the rows of a parameter set one after the other.
        """
        if not program.parameters:
            return cls(frozenset())
        below: dict[Node, frozenset[str]] = {}
        values: dict[Node, Array] = {}
        starts = _starts([columns[name] for name in program.parameters])
        found: set[Node] = set()
        with np.errstate(all="ignore"):
            for current in evaluation_order(program.roots()):
                values[current] = _value(current, values, columns)
                names = frozenset({current.name}) if current.op == "arg" else frozenset()
                below[current] = names.union(*(below[a] for a in current.args))
                moves = not below[current].isdisjoint(program.parameters) and not below[current].isdisjoint(
                    program.inputs
                )
                if current.op in ("add", "sub") and moves and _changes_sign(values[current], starts):
                    found.add(current)
        return cls(frozenset(found))

    def magnitudes(self, roots: Sequence[Node], columns: Mapping[str, Array]) -> list[Array | None]:
        """For each root and row, the size of its largest addend, times what that is multiplied by.

        Of a sum whose zero moves it is the larger of those of its operands; of a product theirs multiplied, of a
        quotient the dividend's by the divisor, of a power that power. A select has that of the side taken, and
        everything else the size of its value. It is None for a root below which no zero moves.
        """
        values: dict[Node, Array] = {}
        sizes: dict[Node, Array] = {}
        size = len(next(iter(columns.values())))
        with np.errstate(all="ignore"):
            for current in evaluation_order(tuple(roots)):
                value = values[current] = _value(current, values, columns)
                if current.is_bool or not (current in self.sums or any(a in sizes for a in current.args)):
                    continue
                sizes[current] = self._size(current, value, values, sizes)
        return [np.broadcast_to(sizes[root], size) if root in sizes else None for root in roots]

    def _size(self, current: Node, value: Array, values: Mapping[Node, Array], sizes: Mapping[Node, Array]) -> Array:
        operands = [sizes[a] if a in sizes else np.abs(values[a]) for a in current.args]
        match current.op:
            case "add" | "sub" if current in self.sums:
                return np.maximum(*operands)
            case "mul":
                return operands[0] * operands[1]
            case "div":
                return operands[0] / np.abs(values[current.args[1]])
            case "neg" | "abs" | "finite":
                return operands[0]
            case "powi" if current.args[1].value > 0:
                return np.power(operands[0], current.args[1].value)
            case "where":
                return np.where(values[current.args[0]], operands[1], operands[2])
        return np.abs(value)


def _value(current: Node, values: Mapping[Node, Array], columns: Mapping[str, Array]) -> Array:
    if current.op == "arg":
        return columns[current.name]
    if current.op == "const":
        return np.asarray(current.value)
    return np.asarray(NUMPY_OPS[current.op](*(values[a] for a in current.args)))


def _starts(parameters: Sequence[Array]) -> npt.NDArray[np.intp]:
    """Where a set of parameters begins."""
    changes = np.any([np.diff(column) != 0 for column in parameters], axis=0)
    return np.concatenate([[0], np.flatnonzero(changes) + 1])


def _changes_sign(values: Array, starts: npt.NDArray[np.intp]) -> bool:
    """Whether there are numbers above and below 0 at one set of parameters."""
    if values.ndim == 0:
        return False
    above, below = (np.logical_or.reduceat(side, starts) for side in (values > 0, values < 0))
    return bool(np.any(above & below))
