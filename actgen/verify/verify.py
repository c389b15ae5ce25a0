"""Verification of one activation's generated files: every framework in its own process, all against one oracle."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from actgen.activation import Activation
from actgen.backends.base import backend_names, file_name
from actgen.formats import Composite
from actgen.symbolic.derivation import Derivation
from actgen.verify.agreement import agreements
from actgen.verify.children import Outcome
from actgen.verify.claims import claims
from actgen.verify.exhaustive.whole import Gone, Whole, blocks_of, gone_through
from actgen.verify.findings import findings, several_inputs, unchecked, undecided
from actgen.verify.frameworks import Runner, missing, runners
from actgen.verify.grids import grids
from actgen.verify.inputs import Dataset, samples
from actgen.verify.judging import Judge
from actgen.verify.oracle import Oracle
from actgen.verify.peers.comparing import NOTHING, Peers, Wanted
from actgen.verify.queueing import Request, started
from actgen.verify.report import Cell, FrameworkResult, Level, Report, Status
from actgen.verify.screen import Screen
from actgen.verify.smooth import smooth_points
from actgen.verify.truths import Truths

_LIMIT_S = 300.0
_SCREENED = ("function", "partials")


def verify(
    activation: Activation,
    folder: Path,
    frameworks: Sequence[str] = backend_names(),
    require: Collection[str] = (),
    thorough: bool = False,
    device: str = "cpu",
    derivation: Derivation | None = None,
    screen: Screen | None = None,
    limit_s: float | None = None,
    composite: Composite = "float64",
    wanted: Wanted = NOTHING,
    whole: Whole | None = None,
    tell: Callable[[str], None] = lambda framework: None,
) -> Report:
    """Holds the generated files against the oracle, and the spec's claims against the formula.

    Args:
        activation: what the files were made from.
        folder: holds the file of each framework.
        frameworks: which to verify.
        require: frameworks whose absence is an error.
        thorough: every mode, every Keras backend, more parameters in the samples.
        device: where the frameworks compute, "cpu" or "cuda"; one that has no such device FAILED, and one that never
            computes there is NOT RUN.
        derivation: what was proved about smoothness; without it such claims are NOT PROVED.
        screen: stands in for the oracle at whole formats; without it only what the oracle is asked about is compared.
        limit_s: seconds that each process may take; by default five minutes, an hour if thorough.
        composite: what the files compute float32 in; digits are held where that is float64.
        wanted: which peers to measure beside the files; nothing about them is a finding.
        whole: the wish to go through all of float32 as well, which takes a screen; an activation of several inputs has
            a warning instead.
        tell: called with a framework, from another thread, when its process begins.

    Raises:
        KeyError: if a framework has no runner.
    """
    oracle = Oracle(activation)
    breakpoints = breakpoints_of(derivation)
    points = (*samples(activation, oracle, breakpoints, thorough), *grids(activation, oracle, breakpoints, screen))
    smooth = smooth_points(activation, oracle)
    peers = Peers(activation, wanted, points)
    work = _Work(activation, folder, points, smooth, thorough, device, peers)
    chosen = [runner for name in frameworks for runner in runners(name, thorough)]
    absent = {r.label: _absent(r, device) for r in chosen}
    ready = [r for r in chosen if not absent[r.label] and work.module(r).is_file()]
    truths = Truths(activation, oracle, screen)
    alone = [r for name in wanted.frameworks if name not in frameworks for r in runners(name, False) if not missing(r)]
    limit = limit_s if limit_s is not None else _LIMIT_S * (12 if thorough else 1)
    requests = [*(work.request(r) for r in ready), *(work.request(r, peers_alone=True) for r in alone)]
    with started(requests, limit, tell=lambda runner: tell(runner.framework)) as children:
        for dataset in work.datasets:
            truths.table(dataset)
        verdicts = tuple(claims(activation, derivation, truths, _float64(work.datasets)))
        collected = {r.label: child.result() for r, child in zip([*ready, *alone], children, strict=True)}
    outcomes = {r.label: collected[r.label] for r in ready}
    judge = Judge(activation, truths, composite)
    cells = {r.label: tuple(work.judged(judge, r, outcomes[r.label])) for r in ready}
    gone = {r.label: work.through(whole, r, judge, breakpoints) for r in ready if outcomes[r.label].failure is None}
    outcomes |= {label: replace(outcomes[label], failure=found.failure) for label, found in gone.items()}
    every = {label: (*found, *(gone[label].cells if label in gone else ())) for label, found in cells.items()}
    results = tuple(
        _framework(name, [r for r in chosen if r.framework == name], work, outcomes, every) for name in frameworks
    )
    found = (
        *findings(activation, results, outcomes, absent, frozenset(require), work.module),
        *undecided(activation, truths.undecided()),
        *(d for found in gone.values() for d in undecided(activation, found.undecided())),
        *([several_inputs(activation)] if whole and not whole.fits(activation) else []),
        *([] if smooth.size else [unchecked(activation)]),
        *(v.diagnostic for v in verdicts if v.diagnostic is not None),
    )
    return Report(
        activation=activation.name,
        frameworks=results,
        agreements=agreements(activation, _float64(work.datasets), {n: o.arrays for n, o in outcomes.items()}),
        claims=tuple(v.result for v in verdicts),
        diagnostics=found,
        peers=tuple(
            peer
            for r in [*ready, *alone]
            for peer in peers.judged(r, collected[r.label], truths, cells.get(r.label, ()))
        ),
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """What is measured."""

    activation: Activation
    folder: Path
    datasets: tuple[Dataset, ...]
    smooth: np.ndarray
    thorough: bool
    device: str
    peers: Peers

    def module(self, runner: Runner) -> Path:
        return self.folder / file_name(self.activation.name, runner.framework)

    def request(self, runner: Runner, *, peers_alone: bool = False) -> Request:
        """What one process is asked for, and the points."""
        tasks = [{"name": d.name, "dtype": d.dtype, "modes": list(self.modes(runner, d))} for d in self.datasets]
        tables = {d.name: np.stack(list(d.columns.values())) for d in self.datasets}
        peers, more = self.peers.request(runner)
        request = {**self.subject(runner), "peers": peers, "datasets": tasks}
        if peers_alone:
            request["module"] = None
        return runner, request, {**tables, **more, "smooth": self.smooth}

    def subject(self, runner: Runner) -> dict[str, Any]:
        """What a process must know to call the functions of a file."""
        return {
            "module": str(self.module(runner).resolve()),
            "framework": runner.framework,
            "peers": None,
            "function": self.activation.name,
            "inputs": len(self.activation.inputs),
            "parameters": len(self.activation.parameters),
            "single": len(self.activation.outputs) == 1,
            "thorough": self.thorough,
            "device": self.device,
        }

    def through(
        self, whole: Whole | None, runner: Runner, judge: Judge, breakpoints: Mapping[str, Sequence[float]]
    ) -> Gone:
        """What all of float32 shows, if that is wished for."""
        if whole is None or runner.framework not in whole.frameworks or not whole.fits(self.activation):
            return Gone()
        return gone_through(whole, runner, self.subject(runner), blocks_of(judge, breakpoints, whole.division.block))

    def modes(self, runner: Runner, dataset: Dataset) -> tuple[str, ...]:
        """What a runner runs at a dataset's points."""
        if dataset.checked is not None:
            return _SCREENED
        more = runner.in_float64 if dataset.dtype == "float64" else ()
        return (*runner.always, *more, *(runner.modes if self.thorough else ()))

    def judged(self, judge: Judge, runner: Runner, outcome: Outcome) -> Iterator[Cell]:
        if outcome.failure is not None:
            return
        for dataset in self.datasets:
            for mode in self.modes(runner, dataset):
                measured = outcome.arrays[f"{dataset.name}/{mode}"]
                yield from judge.cells(runner.label, runner.flushes, dataset, mode, measured)


def _absent(runner: Runner, device: str) -> str:
    """Why a runner does not run; empty if it does."""
    packages = missing(runner)
    return _not_installed(packages) if packages else runner.obstacle(device)


def _not_installed(packages: Sequence[str]) -> str:
    return f"{', '.join(packages)} not installed"


def _float64(found: Sequence[Dataset]) -> Dataset:
    return next(d for d in found if d.name == "float64")


def breakpoints_of(derivation: Derivation | None) -> dict[str, list[float]]:
    """For each input, places where pieces meet at the nominal parameters."""
    found: dict[str, list[float]] = {}
    for output in derivation.outputs if derivation else ():
        for point in output.breakpoints:
            found.setdefault(point.variable, []).append(point.nominal)
    return found


def _framework(
    name: str,
    chosen: Sequence[Runner],
    work: _Work,
    outcomes: Mapping[str, Outcome],
    cells: Mapping[str, tuple[Cell, ...]],
) -> FrameworkResult:
    """The sum of a framework's runners: what is not there is NOT RUN, unless another one failed."""
    ran = [outcomes[r.label] for r in chosen if r.label in outcomes]
    packages = sorted({package for r in chosen for package in missing(r)})
    obstacles = dict.fromkeys(filter(None, (r.obstacle(work.device) for r in chosen)))
    reason = "; ".join((*([_not_installed(packages)] if packages else []), *obstacles))
    if not ran:
        if reason:
            return FrameworkResult(name, Status.NOT_RUN, reason)
        return FrameworkResult(name, Status.FAILED, f"{work.module(chosen[0]).name} is missing")
    everything = tuple(cell for r in chosen for cell in cells.get(r.label, ()))
    checks = {check: text for o in ran for check, text in o.checks.items()}
    failures = [o.failure for o in ran if o.failure]
    bad = failures or any(checks.values()) or any(c.level is Level.WRONG for c in everything)
    versions = {package: version for o in ran for package, version in o.versions.items()}
    status = Status.FAILED if bad else Status.PASSED
    return FrameworkResult(name, status, "; ".join(filter(None, (*failures, reason))), versions, everything, checks)
