"""Starts the processes that time things, and gathers what they say into one part of the results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from actgen.bench.running import BenchError, lines
from performance.commands import timed
from performance.facts import certificate, facts, load
from performance.generated import GENERATED
from performance.goals import HUGE, LARGE, MEDIUM, SMALL, Device
from performance.results import Found, Part, Row

_HERE = Path(__file__).resolve().parents[1]
_CELLS = {
    "cpu": (
        *(("float32", size) for size in (1_000, SMALL, 100_000, MEDIUM, 10_000_000, LARGE)),
        *(("bfloat16", size) for size in (SMALL, MEDIUM, LARGE)),
    ),
    "cuda": (*(("float32", size) for size in (SMALL, MEDIUM, 10_000_000, HUGE)), ("bfloat16", HUGE)),
}
_QUICK = {
    "cpu": (("float32", SMALL), ("float32", MEDIUM), ("bfloat16", MEDIUM)),
    "cuda": (("float32", SMALL), ("float32", MEDIUM), ("float32", HUGE)),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure.

    Attributes:
        device: where.
        subjects: names.
        quick: fewer sizes.
        seconds: for each candidate and pass, roughly.
        threads: of the processor; None for as many as PyTorch takes.
    """

    device: Device
    subjects: tuple[str, ...]
    quick: bool = False
    seconds: float = 0.4
    threads: int | None = None

    @property
    def cells(self) -> tuple[tuple[str, int], ...]:
        """Formats and sizes."""
        return (_QUICK if self.quick else _CELLS)[self.device]


@dataclass
class _Gathered:
    """A part that grows."""

    facts: dict[str, str]
    certificates: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    figures: dict[str, Found] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def part(self) -> Part:
        return Part(dict(self.facts), tuple(self.rows), dict(self.figures), dict(self.missing), dict(self.certificates))


def measured(plan: Plan) -> Iterator[tuple[str, Part]]:
    """What was done, in words, and all that is known by then, after each step."""
    options = {"seconds for each candidate and pass": f"{plan.seconds:g}"}
    kernels = plan.subjects if plan.device == "cpu" else ()
    gathered = _Gathered({**facts(plan.device), **options}, {name: certificate(name) for name in kernels})
    for name in plan.subjects:
        for said in _torch(plan, name, gathered):
            yield said, gathered.part()
    if plan.device == "cpu":
        for said in _others(plan, gathered):
            yield said, gathered.part()
    gathered.facts["load after"] = load()
    yield "done", gathered.part()


def _torch(plan: Plan, name: str, gathered: _Gathered) -> Iterator[str]:
    """One subject in PyTorch, in a process of its own."""
    request = {
        "subject": name,
        "cells": plan.cells,
        "seconds": plan.seconds,
        "threads": plan.threads,
        "device": plan.device,
    }
    yield from _gather("torch_process", request, f"torch {name}", gathered)


def _others(plan: Plan, gathered: _Gathered) -> Iterator[str]:
    sizes = (MEDIUM,) if plan.quick else (SMALL, MEDIUM)
    yield from _gather(
        "jax_process", {"subjects": plan.subjects, "sizes": sizes, "seconds": plan.seconds}, "jax", gathered
    )
    yield _gradients(plan, gathered)
    for took in timed(1 if plan.quick else 3):
        if took.seconds is None:
            gathered.missing[took.key] = took.reason
        else:
            gathered.figures[took.key] = Found(took.seconds)
        yield f"{took.key}: {took.reason or f'{took.seconds:.3f} s'}"


def _gather(module: str, request: Mapping[str, Any], key: str, gathered: _Gathered) -> Iterator[str]:
    """Rows of a process, and what runs there."""
    try:
        for line in lines(request, GENERATED, f"performance.{module}", (_HERE,)):
            if line.is_row:
                gathered.rows.append(line.content)
                yield _words(line.content)
            else:
                gathered.facts |= {_TITLES[k]: str(v) for k, v in line.content.items() if v is not None}
    except BenchError as error:
        gathered.missing[key] = str(error)
        yield f"{key}: NOT RUN: {error}"


_TITLES = {"torch": "PyTorch", "threads": "threads of PyTorch", "gpu": "GPU", "jax": "JAX"}


def _words(row: Row) -> str:
    place = f"{row['framework']} {row['subject']} {row['dtype']} {row['size']:,}"
    return f"{place} {row['candidate']}: {row['forward_ms']:.4f} ms, f+b {row['both_ms']:.4f} ms"


def _gradients(plan: Plan, gathered: _Gathered) -> str:
    """Two runs of the same process: do the bits of parameters' gradients vary, and how wrong are they in bfloat16?"""
    request = {"subjects": plan.subjects, "size": MEDIUM}
    try:
        runs = [_one(request) for _ in range(2)]
    except BenchError as error:
        gathered.missing |= dict.fromkeys(("varying bits", "gradient error"), str(error))
        return f"parameters' gradients: NOT RUN: {error}"
    gathered.figures |= figures(runs)
    return f"parameters' gradients: { ({key: found.value for key, found in figures(runs).items()}) }"


def _one(request: Mapping[str, Any]) -> Mapping[str, Any]:
    [line] = lines(request, GENERATED, "performance.gradients_process", (_HERE,))
    return line.content


def figures(runs: list[Mapping[str, Any]]) -> dict[str, Found]:
    """How many cases have bits that vary between runs, repetitions and threads, and the worst error."""
    cases = list(runs[0]["bits"])
    if not cases:
        return {}

    def varying(candidate: str) -> int:
        return sum(len({bits for run in runs for bits in run["bits"][case][candidate]}) > 1 for case in cases)

    found = {"varying bits": Found(varying("actgen"), f"naive {varying('naive')}; of {len(cases)} cases")}
    errors = runs[0]["errors"].get("selu_variation")
    if errors:
        found["gradient error"] = Found(errors["actgen"], f"naive {errors['naive']:.2g}")
    return found
