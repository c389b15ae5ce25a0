"""Measures a kernel in every precision: at samples, at the sweep of float32, at all 65,536 inputs of 16 bits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from actgen.activation import Activation
from actgen.formats import Array, Composite
from actgen.native.runtime.cache import Cache
from actgen.native.runtime.compiler import Compiler
from actgen.program.precision import MovingZeros
from actgen.program.program import Program
from actgen.verify.grids import grids
from actgen.verify.inputs import Dataset, samples
from actgen.verify.judging import Judge
from actgen.verify.kernels.calling import PRECISIONS, Elements, Header, Precision, elements
from actgen.verify.kernels.screening import KernelScreen
from actgen.verify.kernels.standard import KernelStandard
from actgen.verify.oracle import Oracle
from actgen.verify.report import Cell
from actgen.verify.truths import Truths

MODES = ("function", "partials")
EXAMINED = 256
ROUNDINGS = 8  # of float64; functions of the math header are wrong by up to three ulp, those of frameworks by one
_COMPOSITE: Composite = "float64"


@dataclass(frozen=True, slots=True)
class Subject:
    """A kernel, and what it was made from.

    Attributes:
        activation: the spec.
        program: what was printed.
        moving: which of its zeros move with a parameter.
        breakpoints: for each input, places where pieces meet at the nominal parameters.
        header: what is measured.
        compiler: makes it run.
        cache: keeps the libraries.
    """

    activation: Activation
    program: Program
    moving: MovingZeros
    breakpoints: Mapping[str, Sequence[float]]
    header: Header
    compiler: Compiler
    cache: Cache

    def addends(self, dataset: Dataset, target: tuple[str, str | None]) -> Array | None:
        """The size of a result's largest addend at each point, as `Excuses` wants it."""
        output, wrt = target
        root = self.program.forward[output] if wrt is None else self.program.partials[output, wrt]
        columns = {name: dataset.columns[name] for name in self.program.variables}
        return self.moving.magnitudes((root,), columns)[0]

    def compiled(self, precision: Precision) -> Elements:
        """The kernel in a precision; see `elements` for the errors."""
        return elements(self.activation, self.header, precision, self.compiler, self.cache)


def label(precision: Precision) -> str:
    """What the cells of a precision have for a runner."""
    return "kernel[exact]" if precision == "exact" else "kernel"


def measured(subject: Subject) -> tuple[Cell, ...]:
    """A cell for each result, precision and dataset.

    Raises:
        CompilationError: the compiler failed.
        OSError: a library can neither be written nor loaded.
    """
    oracle = Oracle(subject.activation)
    screen = KernelScreen(subject.compiled("float64"), subject.program)
    truths = Truths(subject.activation, oracle, screen)
    points = (
        *samples(subject.activation, oracle, subject.breakpoints, thorough=False),
        *grids(subject.activation, oracle, subject.breakpoints, screen),
    )
    return tuple(cell for precision in PRECISIONS for cell in _cells(subject, precision, points, truths))


def _cells(subject: Subject, precision: Precision, points: Sequence[Dataset], truths: Truths) -> Iterator[Cell]:
    compiled, standard = subject.compiled(precision), KernelStandard(subject.activation, _COMPOSITE, precision)
    judge = Judge(
        subject.activation, truths, examined=EXAMINED, held=standard, addends=subject.addends, roundings=ROUNDINGS
    )
    for dataset in points:
        if dataset.dtype == PRECISIONS[precision]:
            for mode, results in zip(MODES, compiled.results(dataset.columns), strict=True):
                yield from judge.cells(label(precision), False, dataset, mode, results)
