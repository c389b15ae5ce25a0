"""What a verification found: cells of figures, the spec's claims, findings."""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import actgen
from actgen.diagnostics import Diagnostic, Severity

CODES = {
    "ACT601": "a generated function gives a wrong value",
    "ACT602": "a generated function gives a wrong derivative",
    "ACT603": "a framework's own gradient check complains",
    "ACT604": "the generated module, or its framework, crashed",
    "ACT605": "a framework gave no result in time",
    "ACT606": "a required framework is not installed",
    "ACT607": "a file that should be verified is missing",
    "ACT608": "results are right, but miss the goal: 1e-12 in float64, 0.6 ulp in float32, 0.51 in 16 bits (note)",
    "ACT609": "points that neither the oracle nor a confirmed screen decides: not compared (warning)",
    "ACT610": "results are wrong, but only at the edge of a format or of a parameter (note)",
    "ACT611": "a claimed point is not what the formula gives",
    "ACT612": "a claimed range is left",
    "ACT613": "a claimed monotonicity does not hold",
    "ACT614": "a claimed smoothness does not hold",
    "ACT615": "a claimed smoothness is not proved (warning)",
    "ACT616": "results that are wrong where the arithmetic inside cannot do better (note)",
    "ACT617": "no points for finite differences: the frameworks' own gradient checks are NOT RUN (warning)",
    "ACT618": "a framework cannot compute on the device that `verify --device` names",
}


class Status(Enum):
    """How a framework, or a claim, fared."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    NOT_RUN = "NOT RUN"
    NOT_PROVED = "NOT PROVED"


class Level(Enum):
    """How good a cell is: within the limits, less accurate than aimed at, wrong at the edge only, or wrong."""

    GOOD = "good"
    COARSE = "coarse"
    EDGE = "edge"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Excused:
    """Wrong results that are not held: the reason, how many they are, and the worst of them.

    `ulps` is infinite where the result is of a wrong kind.
    """

    reason: str
    points: int
    ulps: float
    where: Mapping[str, float]
    got: float
    truth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One output or derivative, in one framework, one format and one mode.

    Attributes:
        runner: `torch`, `jax`, `keras[tensorflow]`, …
        wrt: the variable of the derivative; None is the value.
        mode: `function`, `partials`, `backward`, `autograd` (of the plain formula), or one of its runner's own.
        points: how many were compared.
        worst: the largest error in ulps where both sides are finite.
        where: the point of the largest error, or of the worst wrong result.
        got, truth: there.
        nan, infinite, finite, zeroed, sign: counts of results of a wrong kind (see `ulp.Errors`).
        edge: what is wrong at the edge of a format or of a parameter; not part of the other figures.
        excused: what is beyond the limits and has an excuse; no part of them either.
    """

    runner: str
    output: str
    wrt: str | None
    dtype: str
    dataset: str
    mode: str
    profile: str
    points: int
    worst: float
    where: Mapping[str, float]
    got: float
    truth: float
    nan: int
    infinite: int
    finite: int
    zeroed: int
    sign: int
    edge: Excused | None
    excused: tuple[Excused, ...]
    level: Level


@dataclass(frozen=True, slots=True)
class FrameworkResult:
    """One framework: its status, why, what was run, every cell, what its own gradient checks said."""

    name: str
    status: Status
    reason: str = ""
    versions: Mapping[str, str] | None = None
    cells: tuple[Cell, ...] = ()
    checks: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two runners' float64 results lie apart at most, relative to the larger, and where."""

    first: str
    second: str
    output: str
    wrt: str | None
    relative: float
    where: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """One claim of the spec's `checks` and whether it holds."""

    output: str
    claim: str
    status: Status
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that a verification found about one activation."""

    activation: str
    frameworks: tuple[FrameworkResult, ...]
    agreements: tuple[Agreement, ...]
    claims: tuple[ClaimResult, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not any(d.severity is Severity.ERROR for d in self.diagnostics)

    @property
    def statuses(self) -> dict[str, str]:
        """Framework to `ok 2.13.0`, `FAILED` or `NOT RUN`."""
        return {f.name: self._status(f) for f in self.frameworks}

    def _status(self, result: FrameworkResult) -> str:
        if result.status is not Status.PASSED:
            return result.status.value
        return " ".join(("ok", (result.versions or {}).get(result.name, ""))).strip()

    @property
    def measured(self) -> str:
        """The text of `measured.json`: figures of this machine, not to be committed."""
        content = {
            "activation": self.activation,
            "actgen": actgen.__version__,
            "python": platform.python_version(),
            "platform": platform.platform(),
            "machine": platform.machine(),
            "frameworks": {f.name: _framework(f) for f in self.frameworks},
            "agreement": [_agreement(a) for a in self.agreements],
            "claims": [
                {"output": c.output, "claim": c.claim, "status": c.status.value, "detail": c.detail}
                for c in self.claims
            ],
        }
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _framework(result: FrameworkResult) -> dict[str, Any]:
    return {
        "status": result.status.value,
        "reason": result.reason,
        "versions": dict(result.versions or {}),
        "gradient_checks": {name: text or "passed" for name, text in (result.checks or {}).items()},
        "cells": [_cell(c) for c in result.cells],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    counts = {kind: getattr(cell, kind) for kind in ("nan", "infinite", "finite", "zeroed", "sign")}
    return {
        "runner": cell.runner,
        "of": name_of(cell.output, cell.wrt),
        "dtype": cell.dtype,
        "points": f"{cell.points} ({cell.dataset})",
        "mode": cell.mode,
        "profile": cell.profile,
        "level": cell.level.value,
        "worst_ulp": _plain(float(f"{cell.worst:.4g}")),
        "where": {name: _plain(value) for name, value in cell.where.items()},
        **{kind: count for kind, count in counts.items() if count},
        **({"edge": _not_held(cell.edge)} if cell.edge else {}),
        **({"not_held": [_not_held(e) for e in cell.excused]} if cell.excused else {}),
    }


def _not_held(excused: Excused) -> dict[str, Any]:
    return {
        "reason": excused.reason,
        "points": excused.points,
        "worst_ulp": _plain(float(f"{excused.ulps:.4g}")),
        "where": {name: _plain(value) for name, value in excused.where.items()},
        "got": _plain(excused.got),
        "exact": _plain(excused.truth),
    }


def _agreement(agreement: Agreement) -> dict[str, Any]:
    return {
        "between": [agreement.first, agreement.second],
        "of": name_of(agreement.output, agreement.wrt),
        "relative": _plain(float(f"{agreement.relative:.3g}")),
        "where": {name: _plain(value) for name, value in agreement.where.items()},
    }


def _plain(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)


def name_of(output: str, wrt: str | None) -> str:
    """`y` or `∂y/∂x`."""
    return output if wrt is None else f"∂{output}/∂{wrt}"
