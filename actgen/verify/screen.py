"""What stands in for the oracle at whole formats: float64 results of the program, held against the oracle first.

The files are printed from the program, but what runs is their text in a framework; a fault of either shows against
the other. A fault that both share shows where the oracle looks: at every so many-th number of a format, in every
binade, and beside every place where the program, or the sign of a result, changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from actgen.formats import Array, by_ordinal
from actgen.program.evaluate import evaluate_nodes
from actgen.program.program import Program, topological

Columns: TypeAlias = Mapping[str, Array]
Signs: TypeAlias = npt.NDArray[np.int8]
Key: TypeAlias = tuple[str, "str | None"]
"""An output, and the variable of a derivative of it; None is the value."""

_BLOCK = 1 << 16  # points at once: a long program keeps every intermediate
_TOUCH = 2.0**-12  # of what a result is one step to the side; a step is 2^-10 or so of the number
_COMPARISONS = frozenset({"lt", "le", "eq", "ne"})


class Screen(Protocol):
    """Fast float64 results, and where they change their kind."""

    def values(self, columns: Columns) -> dict[Key, Array]:
        """The result for each output (None) and each derivative (the variable's name)."""
        ...

    def signs(self, columns: Columns) -> Signs:
        """Whatever has a sign or holds or does not, a row each: -1, 0, 1, or 2 for NaN."""
        ...


@dataclass(frozen=True, slots=True)
class ProgramScreen:
    """A program in numpy.

    Attributes:
        program: what is evaluated.
        fixed: values for those of its variables that the points do not name.
    """

    program: Program
    fixed: Mapping[str, float] = field(default_factory=dict)

    def values(self, columns: Columns) -> dict[Key, Array]:
        """See `Screen`; derivatives by variables that are fixed are left out."""
        keys: list[Key] = [(output, None) for output in self.program.forward]
        roots = list(self.program.forward.values())
        for (output, variable), root in self.program.partials.items():
            if variable not in self.fixed:
                keys.append((output, variable))
                roots.append(root)
        size = _size(columns)
        found = {key: np.empty(size) for key in keys}
        for part, block in _blocks(columns):
            for key, result in zip(keys, evaluate_nodes(roots, self._given(block), quickly=True), strict=True):
                found[key][part] = result
        missing = np.any([np.isnan(c) for c in columns.values()], axis=0)
        for result in found.values():
            result[missing] = np.nan
        return found

    def signs(self, columns: Columns) -> Signs:
        """See `Screen`; the comparisons of the program, then its results."""
        roots = self.program.roots()
        compared = [n for n in topological(roots) if n.op in _COMPARISONS]
        rows = [
            np.array([_sign(r) for r in evaluate_nodes((*compared, *roots), self._given(block), quickly=True)])
            for _, block in _blocks(columns)
        ]
        return np.concatenate(rows, axis=1)

    def _given(self, block: Columns) -> dict[str, Array | float]:
        return {**self.fixed, **{name: _constant(column) for name, column in block.items()}}


def _sign(values: Array) -> Signs:
    if values.dtype == np.bool_:
        return values.astype(np.int8)
    return np.where(np.isnan(values), 2, np.sign(np.nan_to_num(values))).astype(np.int8)


def _size(columns: Columns) -> int:
    return len(next(iter(columns.values())))


def _blocks(columns: Columns) -> Iterator[tuple[slice, Columns]]:
    for start in range(0, max(_size(columns), 1), _BLOCK):
        part = slice(start, start + _BLOCK)
        yield part, {name: column[part] for name, column in columns.items()}


def _constant(column: Array) -> Array | float:
    """One number, where a column is that throughout as numpy itself knows: what it makes is computed once."""
    return column if column.strides != (0,) else float(column[0])


def turns(screen: Screen, fixed: Mapping[str, float], moving: str, ordinals: Sequence[int], most: int) -> list[int]:
    """Float32 numbers, by `patterns.ordinal`, on which something in the screen differs from the number before.

    Args:
        screen: what is looked at.
        fixed: the other variables.
        moving: the variable that runs through the numbers.
        ordinals: ascending; between neighbours of them one change is found.
        most: no more than so many, those of ordinary size first.
    """

    def at(places: npt.NDArray[np.int64]) -> Signs:
        column = by_ordinal(places)
        return screen.signs({moving: column, **{name: np.full_like(column, v) for name, v in fixed.items()}})

    places = np.asarray(ordinals, dtype=np.int64)
    signs = at(places)
    rows, starts = np.nonzero(signs[:, 1:] != signs[:, :-1])
    sizes = np.abs(np.log2(np.maximum(np.abs(by_ordinal(places[starts])), 1e-45)))
    chosen = np.argsort(sizes, kind="stable")[: 4 * most]
    rows, starts = rows[chosen], starts[chosen]
    low, high, before = places[starts], places[starts + 1], signs[rows, starts]
    while len(low) and (high - low).max() > 1:
        middle = (low + high) // 2
        same = at(middle)[rows, np.arange(len(rows))] == before
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return list(dict.fromkeys(high.tolist()))[:most]


def touches(screen: Screen, fixed: Mapping[str, float], moving: str, ordinals: Sequence[int], most: int) -> list[int]:
    """Float32 numbers next to where a result of the screen comes to 0 and turns back, as 1 + cos(x) at π; see `turns`.

    Between neighbours of `ordinals` one is found, by thirds. Where a result goes through 0, `turns` finds it, and they
    are not let take the room of those that are touched.
    """

    def at(places: npt.NDArray[np.int64]) -> Array:
        column = by_ordinal(places)
        found = screen.values({moving: column, **{name: np.full_like(column, v) for name, v in fixed.items()}})
        with np.errstate(invalid="ignore"):
            return np.array(list(found.values()))

    places = np.asarray(ordinals, dtype=np.int64)
    results = at(places)
    sizes, turned = np.abs(results), np.sign(results[:, :-2]) == np.sign(results[:, 2:])
    before, here, after = sizes[:, :-2], sizes[:, 1:-1], sizes[:, 2:]
    rows, starts = np.nonzero((here < before) & (here <= after) & (here > 0) & turned)
    distance = np.abs(np.log2(np.maximum(np.abs(by_ordinal(places[starts + 1])), 1e-45)))
    chosen = np.argsort(distance, kind="stable")[: 4 * most]
    rows, starts = rows[chosen], starts[chosen]
    low, high, sides = places[starts], places[starts + 2], np.maximum(before[rows, starts], after[rows, starts])
    each = np.arange(len(rows))
    while len(low) and (high - low).max() > 2:
        third = np.maximum((high - low) // 3, 1)
        left, right = low + third, high - third
        falls = np.abs(at(left)[rows, each]) > np.abs(at(right)[rows, each])
        low, high = np.where(falls, left, low), np.where(falls, high, right)
    middle = (low + high) // 2
    small = np.abs(at(middle)[rows, each]) < _TOUCH * sides if len(middle) else np.zeros(0, dtype=bool)
    return list(dict.fromkeys(middle[small].tolist()))[:most]
