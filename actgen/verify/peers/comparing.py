"""Peers by the metric of our own files: what a process is asked for, and how its results are judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from actgen.activation import Activation
from actgen.formats import Array
from actgen.verify.children import Outcome, PeerOutcome
from actgen.verify.frameworks import Runner, first_installed
from actgen.verify.inputs import SWEEP, Dataset
from actgen.verify.judging import Judge
from actgen.verify.peers.agreeing import ORDINARY, called, candidate, disagreement, ordinary
from actgen.verify.peers.points import Part, parts, stored, tables
from actgen.verify.peers.textbook import encoded
from actgen.verify.report import Cell, Peer
from actgen.verify.truths import Truths

ACTGEN, TEXTBOOK, BUILT_IN = "actgen", "textbook", "built-in"
_MODES = ("function", "backward")
_SCREENED = ("function", "partials")
_EXAMINED = 128  # of a peer that is wrong at a million points not every one is asked for its excuse


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which peers to measure.

    Attributes:
        frameworks: in which.
        forms: `built-in`, `textbook`; and `actgen`, which is our file at the same points, the nominal parameters only.
        everywhere: in every format; else on the sweep of float32 only.
    """

    frameworks: tuple[str, ...] = ()
    forms: tuple[str, ...] = (BUILT_IN,)
    everywhere: bool = True


NOTHING = Wanted()


def pictured(targets: Sequence[str]) -> Wanted:
    """What the picture of a page shows: everything in the first framework that is there."""
    return Wanted(first_installed(targets), (TEXTBOOK, BUILT_IN), everywhere=False)


@dataclass(frozen=True, slots=True)
class Peers:
    """The peers of one activation.

    Attributes:
        activation: whose.
        wanted: which.
        datasets: the points of the verification; of these, those at the nominal parameters are compared.
        parts: these.
    """

    activation: Activation
    wanted: Wanted
    datasets: Sequence[Dataset]
    parts: tuple[Part, ...] = field(init=False)

    def __post_init__(self) -> None:
        chosen = (
            [d for d in self.datasets if self.wanted.everywhere or d.name == SWEEP] if self.wanted.frameworks else []
        )
        object.__setattr__(self, "parts", parts(self.activation, [ordinary(self.activation), *chosen]))

    def request(self, runner: Runner) -> tuple[dict[str, Any] | None, dict[str, Array]]:
        """What a process is asked for, and the points that it needs for that."""
        if runner.framework not in self.wanted.frameworks:
            return None, {}
        row, _ = candidate(self.activation, runner.framework)
        forms = [f for f in self.wanted.forms if f == TEXTBOOK or (f == BUILT_IN and row is not None)]
        found = tables(self.activation, self.parts)
        parameters = {dtype: stored(self.activation, dtype) for dtype in found}
        request = {
            "forms": forms,
            "tasks": [{"table": f"peers {dtype}", "dtype": dtype, "modes": _MODES} for dtype in found],
            "names": [i.name for i in self.activation.inputs],
            "single": len(self.activation.outputs) == 1,
            "parameters": parameters,
            "textbook": encoded(self.activation),
            "built-in": row
            and {
                "public": row.public,
                "options": dict(row.options),
                "takes": {argument: name for argument, name in row.takes.items() if name in self.activation.nominal()},
                "gate": row.gate,
            },
        }
        return request, {f"peers {dtype}": table for dtype, table in found.items()}

    def judged(
        self,
        runner: Runner,
        outcome: Outcome,
        truths: Truths,
        known: Sequence[Cell] = (),
    ) -> Iterator[Peer]:
        """Every form that was wanted of a runner.

        Args:
            runner: what ran.
            outcome: what it left.
            truths: what is true.
            known: how our file fared, at all parameters.
        """
        judge = Judge(self.activation, truths, examined=_EXAMINED)
        for form in self.wanted.forms if runner.framework in self.wanted.frameworks else ():
            if form == ACTGEN:
                cells = tuple(self._ours(judge, runner, outcome, known))
                yield Peer(runner.label, form, runner.framework, outcome.failure or "", cells, outcome.versions)
            elif outcome.peers is not None:
                yield self._peer(judge, runner, form, outcome.peers)

    def _ours(self, judge: Judge, runner: Runner, outcome: Outcome, known: Sequence[Cell]) -> Iterator[Cell]:
        """What is known already where all points are at the nominal parameters."""
        inputs = {None, *(i.name for i in self.activation.inputs)}
        for part in self.parts:
            for mode in _MODES if part.whole.checked is None else _SCREENED:
                array = outcome.arrays.get(f"{part.whole.name}/{mode}")
                if part.whole is part.nominal:
                    same = (c for c in known if (c.dataset, c.mode) == (part.whole.name, mode))
                    yield from (c for c in same if c.wrt in inputs)
                elif array is not None:
                    yield from self._cells(judge, runner, ACTGEN, part, mode, array[..., part.kept])

    def _peer(self, judge: Judge, runner: Runner, form: str, outcome: PeerOutcome) -> Peer:
        row, reason = candidate(self.activation, runner.framework)
        if form == BUILT_IN and row is None:
            return Peer(runner.label, form, "", reason)
        name = "the formula" if row is None or form == TEXTBOOK else called(runner.framework, row)
        failures = [outcome.failure] if outcome.failure else []
        failures += [f"{key.partition('/')[2]}: {t}" for key, t in outcome.failures.items() if key.startswith(form)]
        if form == BUILT_IN and row is not None and f"{form}/float64/function" in outcome.arrays:
            part = next(p for p in self.parts if p.whole.name == ORDINARY)
            truth = judge.truths.table(part.nominal)[self.activation.outputs[0].name, None]
            got = outcome.arrays[f"{form}/float64/function"][0, part.place]
            if other := disagreement(row, name, got, truth, part.nominal):
                return Peer(runner.label, form, name, other)
        elif form == BUILT_IN:
            return Peer(runner.label, form, name, "; ".join(failures))
        cells: list[Cell] = []
        for part in self.parts:
            for mode in _MODES if part.whole.name != ORDINARY else ():
                array = outcome.arrays.get(f"{form}/{part.nominal.dtype}/{mode}")
                if array is not None:
                    cells += self._cells(judge, runner, form, part, mode, array[..., part.place])
        named = (replace(c, course=c.course and replace(c.course, name=name)) for c in cells)
        return Peer(runner.label, form, name, "; ".join(failures), tuple(named), dict(outcome.versions))

    def _cells(self, judge: Judge, runner: Runner, form: str, part: Part, mode: str, array: Array) -> list[Cell]:
        results = array if array.ndim == 2 else array[:, : len(self.activation.inputs)]
        return judge.cells(runner.label, runner.flushes, part.nominal, mode, results, form)
