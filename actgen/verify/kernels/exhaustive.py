"""All 2^32 inputs of float32 of a kernel: compared with itself in float64, which the oracle confirms first.

The oracle decides what is odd, which is of a wrong kind, or near the limit or beyond; it also sees the worst of each
chunk, and what lies around a number at which it contradicts the kernel in float64. Of zeros that move see `sifting.py`.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from actgen.formats import FORMATS, LAST, Array, by_ordinal
from actgen.verify.exhaustive.blocks import near
from actgen.verify.exhaustive.merging import merged
from actgen.verify.exhaustive.state import State, load, save
from actgen.verify.exhaustive.whole import nominal
from actgen.verify.grids import places_of
from actgen.verify.inputs import EVERY, Dataset
from actgen.verify.judging import Judge
from actgen.verify.kernels.calling import Elements
from actgen.verify.kernels.counting import Result
from actgen.verify.kernels.doubts import Doubt, doubt
from actgen.verify.kernels.floats import PROGRAM, Comparison, comparison
from actgen.verify.kernels.measuring import EXAMINED, MODES, ROUNDINGS, Subject, label
from actgen.verify.kernels.screening import KernelScreen
from actgen.verify.kernels.sifting import Sieve, numbers
from actgen.verify.kernels.standard import KernelStandard
from actgen.verify.oracle import Oracle
from actgen.verify.report import Cell
from actgen.verify.screen import Key
from actgen.verify.truths import Truths, confirmed

CHUNK = 1 << 24
_CONFIRMED = 20_000  # numbers at which the oracle confirms the kernel in float64, and more beside places that matter
_NEAR = 0.05  # ulps below the limit: what the kernel in float64 may be off by, and more
_SPECIAL = np.array([-np.inf, -0.0, 0.0, np.inf, np.nan])

OnPart = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Extent:
    """Which bit patterns are gone through: whole chunks, each of a multiple of 65,536."""

    first: int = 0
    stop: int = 1 << 32
    chunk: int = CHUNK

    @property
    def size(self) -> int:
        """How many inputs there are."""
        return self.stop - self.first

    def chunks(self) -> tuple[int, ...]:
        """Where each begins."""
        return tuple(range(self.first, self.stop, self.chunk))


@dataclass(frozen=True, slots=True)
class Whole:
    """How all floats are gone through.

    Attributes:
        state: the file that keeps how far a run has come.
        key: changes with whatever could change the result, beside the kernel, the runtime and the parameters.
        on_part: called with how many chunks of how many are done.
        extent: of what.
    """

    state: Path
    key: str
    on_part: OnPart = lambda done, total: None
    extent: Extent = field(default_factory=Extent)


def gone_through(subject: Subject, whole: Whole) -> State:
    """Has a cell for each result; compares what an earlier run has not, and after each chunk the state is kept.

    Raises:
        CompilationError: the compiler failed.
        OSError: a library can neither be written nor loaded, or the state cannot be kept.
    """
    chunks, state = whole.extent.chunks(), load(whole.state, _key(subject, whole))
    whole.on_part(state.done, len(chunks))
    if state.done == len(chunks):
        return state
    walk = _Walk.of(subject)
    if not state.done:
        state = replace(state, cells=tuple(walk.doubtful()))
    for first in chunks[state.done :]:
        start = time.monotonic()
        cells = merged((*state.cells, *walk.cells(first, whole.extent.chunk)))
        state = State(state.key, state.done + 1, state.seconds + time.monotonic() - start, cells)
        save(whole.state, state)
        whole.on_part(state.done, len(chunks))
    return state


def _key(subject: Subject, whole: Whole) -> str:
    program = hashlib.sha256(PROGRAM.read_bytes()).hexdigest()
    parts = [whole.key, program, whole.extent.first, whole.extent.stop, whole.extent.chunk, nominal(subject.activation)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Walk:
    """One activation's kernel, and what it is held against."""

    subject: Subject
    oracle: Oracle
    narrow: Elements
    screen: KernelScreen
    compared: Comparison

    @staticmethod
    def of(subject: Subject) -> _Walk:
        activation = subject.activation
        results = len(activation.outputs) * (1 + len(activation.variables))
        return _Walk(
            subject,
            Oracle(activation),
            subject.compiled("float32"),
            KernelScreen(subject.compiled("float64"), subject.program),
            comparison(subject.header, results, subject.compiler, subject.cache),
        )

    @property
    def keys(self) -> list[Key]:
        """The results in their order: outputs, then partials."""
        outputs, variables = self.subject.activation.outputs, self.subject.activation.variables
        return [*((o.name, None) for o in outputs), *((o.name, v.name) for o in outputs for v in variables)]

    def doubtful(self) -> Iterator[Cell]:
        """Cells of what is special or in doubt, which are to be merged with those that count all points.

        The oracle is asked in every binade and beside every place that matters.
        """
        activation, moving = self.subject.activation, self.subject.activation.inputs[0].name
        places = places_of(activation, self.subject.breakpoints.get(moving, ()), self.screen, moving)
        for cell in self._judged(self._columns(_SPECIAL)):
            yield replace(cell, points=cell.points - len(_SPECIAL), histogram=(0,) * len(cell.histogram))
        checked = np.union1d(np.linspace(-LAST, LAST, _CONFIRMED).astype(np.int64), near(places))
        columns = self._columns(by_ordinal(checked))
        screened = self.screen.values(columns)
        for output in activation.outputs:
            targets = (None, *(v.name for v in activation.variables))
            for wrt, exact in self.oracle.table(output.name, targets, columns).items():
                found = doubt(checked, confirmed(screened[output.name, wrt], exact, FORMATS["float32"]))
                if found is not None:
                    yield from self._doubted((output.name, wrt), found)

    def _doubted(self, key: Key, found: Doubt) -> Iterator[Cell]:
        for cell in self._judged(self._columns(found.asked)):
            if (cell.output, cell.wrt) == key:
                yield replace(cell, points=cell.points - found.count, histogram=(0,) * len(cell.histogram))

    def cells(self, first: int, count: int) -> Iterator[Cell]:
        """A cell for each result over some bit patterns."""
        standard = KernelStandard(self.subject.activation, precision="float32")
        limits = [standard.limit(FORMATS["float32"], wrt) - _NEAR for _, wrt in self.keys]
        counted = self.compared.over(first, count, list(nominal(self.subject.activation).values()), limits)
        sieve = Sieve(self.subject, self.narrow, self.screen, self._columns)
        found = {
            key: Result(of, sieve.sifted(key, of.odd, limit))
            for key, of, limit in zip(self.keys, counted, limits, strict=True)
        }
        asked = np.unique(np.concatenate([part for result in found.values() for part in result.shown]))
        for cell in self._judged(self._columns(numbers(asked))):
            yield found[cell.output, cell.wrt].whole(cell, count, asked)

    def _judged(self, columns: Mapping[str, Array]) -> Iterator[Cell]:
        """Each result at some points, by the oracle alone."""
        data = Dataset(EVERY, "float32", columns)
        truths = Truths(self.subject.activation, self.oracle)
        standard = KernelStandard(self.subject.activation, precision="float32")
        judge = Judge(
            self.subject.activation,
            truths,
            examined=EXAMINED,
            held=standard,
            addends=self.subject.addends,
            roundings=ROUNDINGS,
        )
        for mode, results in zip(MODES, self.narrow.results(columns), strict=True):
            yield from judge.cells(label("float32"), False, data, mode, results)

    def _columns(self, values: Array) -> dict[str, Array]:
        fixed = nominal(self.subject.activation)
        return {
            self.subject.activation.inputs[0].name: values,
            **{n: np.full_like(values, v) for n, v in fixed.items()},
        }
