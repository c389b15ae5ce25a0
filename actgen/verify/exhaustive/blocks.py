"""Judges the results of a chunk, block by block.

Nearly every result is the screen's, rounded: that is seen at once, and how far it is off. The others, and all at which
the oracle was asked, are handed to the `Judge`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from actgen.activation import Activation
from actgen.formats import FORMATS, Array, Composite, spacing
from actgen.verify.exhaustive.chunks import Chunk
from actgen.verify.frameworks import Runner
from actgen.verify.grids import Ordinals, beside
from actgen.verify.histogram import HISTOGRAM
from actgen.verify.inputs import EVERY, Dataset, Indices
from actgen.verify.judging import Judge
from actgen.verify.oracle import Oracle, Truth
from actgen.verify.report import Cell, Level
from actgen.verify.screen import Screen
from actgen.verify.truths import Truths
from actgen.verify.ulp import Mask

_CHECKED = 4093  # every so many-th number is asked for; prime, so that no residue of the significand is left out
_RUN, _THIN = 1_500, 150  # beside a place that matters, every so many-th of so many numbers
_CLOSE = 2
_EXAMINED = 256  # of a block


@dataclass(frozen=True, slots=True)
class Blocks:
    """What the results of one activation are held against.

    Attributes:
        activation: of one input.
        oracle: asked at every so many-th number, beside every place that matters, and about whatever is odd.
        screen: stands in for it elsewhere.
        parameters: their nominal values in float32.
        near: ordinals beside places that matter, in order.
        composite: what the files compute float32 in.
        size: ordinals of a block.
    """

    activation: Activation
    oracle: Oracle
    screen: Screen
    parameters: Mapping[str, float]
    near: Ordinals
    composite: Composite
    size: int

    def cells(self, runner: Runner, chunk: Chunk, measured: Mapping[str, Array]) -> Iterator[Cell]:
        """Cells of every block, to be merged.

        Args:
            runner: what ran.
            chunk: where.
            measured: by mode (outputs, points) or (outputs, variables, points), in float32.
        """
        for block, part in chunk.blocks(self.size):
            yield from self._block(runner, block, {mode: results[..., part] for mode, results in measured.items()})

    def _block(self, runner: Runner, block: Chunk, measured: Mapping[str, Array]) -> Iterator[Cell]:
        inputs = block.inputs()
        fixed = {name: np.broadcast_to(np.float64(value), inputs.shape) for name, value in self.parameters.items()}
        data = Dataset(EVERY, "float32", {self.activation.inputs[0].name: inputs, **fixed}, self._checked(block))
        truths = Truths(self.activation, self.oracle, self.screen, asked=_EXAMINED)
        plain = self._plain(data, truths, measured)
        part, rest = truths.part(data, np.flatnonzero(~plain))
        judge = Judge(self.activation, rest, self.composite, _EXAMINED)
        for mode, results in measured.items():
            for cell in judge.cells(runner.label, runner.flushes, part, mode, results[..., ~plain]):
                yield cell
                if plain.any():
                    row = self._row(results, cell)
                    yield _of_plain(cell, data, plain, row, truths.table(data)[cell.output, cell.wrt])

    def _row(self, results: Array, cell: Cell) -> Array:
        output = [o.name for o in self.activation.outputs].index(cell.output)
        if cell.wrt is None:
            return results[output]
        return results[output, [v.name for v in self.activation.variables].index(cell.wrt)]

    def _plain(self, data: Dataset, truths: Truths, measured: Mapping[str, Array]) -> Mask:
        """Where every result is the screen's, rounded, and the oracle was not asked."""
        found = np.ones(data.size, dtype=bool)
        found[data.checked] = False
        for results in measured.values():
            for index, output in enumerate(self.activation.outputs):
                targets = [None] if results.ndim == 2 else truths.targets[1:]
                rows = [results[index]] if results.ndim == 2 else results[index]
                for wrt, row in zip(targets, rows, strict=True):
                    found &= _is_rounded(row, truths.table(data)[output.name, wrt])
        return found

    def _checked(self, block: Chunk) -> Indices:
        """Where the oracle is asked: evenly, at both ends, beside the places that matter, at what is special."""
        asked = np.zeros(block.size, dtype=bool)
        asked[-block.first % _CHECKED :: _CHECKED] = True
        asked[[0, block.stop - block.first - 1]] = True
        first, stop = np.searchsorted(self.near, [block.first, block.stop])
        asked[self.near[first:stop] - block.first] = True
        asked[block.stop - block.first :] = True
        return np.flatnonzero(asked)


def near(places: Sequence[int]) -> Ordinals:
    """Where the oracle is asked beside places that matter: at all that are close, and at some of those further off."""
    return np.unique(np.concatenate([beside(places, _RUN)[::_THIN], beside(places, _CLOSE)]))


def _is_rounded(row: Array, truth: Truth) -> Mask:
    with np.errstate(all="ignore"):
        rounded = truth.hi.astype(np.float32)
    same = row == rounded
    if not same.all():
        same |= np.isnan(row) & np.isnan(rounded)
    same &= truth.decided
    return same


def _of_plain(like: Cell, data: Dataset, plain: Mask, row: Array, truth: Truth) -> Cell:
    """The cell of the results that are the screen's, rounded: how far they are off at most."""
    with np.errstate(all="ignore"):
        ulps = np.abs(row - truth.hi) / spacing(truth.hi, FORMATS["float32"])
    ulps[~(ulps <= 1)] = 0  # the same infinity, NaN, and what is not held here
    ulps[~plain] = -1
    first, count = int(np.argmax(ulps)), int(plain.sum())
    return replace(
        like,
        points=count,
        worst=float(ulps[first]),
        where=data.at(first),
        got=float(row[first]),
        truth=float(truth.hi[first]),
        edge=None,
        excused=(),
        level=Level.GOOD,
        histogram=(count, *(0 for _ in HISTOGRAM)),
        **dict.fromkeys(("nan", "infinite", "finite", "zeroed", "sign"), 0),
    )
