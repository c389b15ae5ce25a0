"""One result over one chunk: the oracle's word on some floats, and the counts of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from actgen.verify.excuses import Reason
from actgen.verify.kernels.floats import Bits, Counted
from actgen.verify.kernels.sifting import Sifted
from actgen.verify.report import Cell, Excused

_WORST = 4  # of a chunk, so many are shown to the oracle; of those beside zeros that move, as many


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What a chunk shows of one result by the kernel in float64."""

    counted: Counted
    sifted: Sifted

    @property
    def shown(self) -> Sequence[Bits]:
        """Floats for the oracle."""
        return self.sifted.asked, self.sifted.beside[:_WORST], self.counted.worst[:_WORST]

    def whole(self, cell: Cell, count: int, asked: Bits) -> Cell:
        """The cell with the figures of every point.

        What is odd and was not decided is not among the points. Nor is what was not shown beside zeros that move, if
        the oracle denies what was.

        Args:
            cell: the oracle's word.
            count: how many points there are.
            asked: at which of them it was asked.
        """
        reason = Reason.MOVING.value
        unseen = len(np.setdiff1d(self.sifted.left, asked))
        beside = len(np.setdiff1d(self.sifted.beside, asked))
        if not any(e.reason == reason for e in cell.excused):
            unseen, beside = unseen + beside, 0
        return replace(
            cell,
            points=count - unseen - (len(asked) - cell.points),
            excused=tuple(_with_more(e, beside) if e.reason == reason else e for e in cell.excused),
            histogram=tuple(a - b for a, b in zip(self.counted.histogram, self.sifted.histogram, strict=True)),
        )


def _with_more(excused: Excused, points: int) -> Excused:
    return replace(excused, points=excused.points + points)
