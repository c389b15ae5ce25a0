"""What a verification found: cells of figures, the spec's claims, findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from actgen.diagnostics import Diagnostic, Severity
from actgen.verify.profile import Profile

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
    "ACT619": "`verify --exhaustive` goes through the numbers of one input, and there are several (warning)",
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
        form: `actgen`, or which peer (see `Peer`).
        histogram: how many errors lie up to each of `judging.HISTOGRAM`, and beyond; those without a distance not.
        course: the errors over the whole range, of a sweep.
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
    form: str = "actgen"
    histogram: tuple[int, ...] = ()
    course: Profile | None = None


@dataclass(frozen=True, slots=True)
class Peer:
    """The same activation from elsewhere, at the nominal parameters; nothing that is wrong with it is a finding.

    Attributes:
        runner: what ran it.
        form: `built-in` or `textbook`; or `actgen`, our file at the same points.
        name: of the function; empty if there is none.
        reason: why it, or a part of it, was not compared.
        cells: the results.
        versions: names and versions of what was run.
    """

    runner: str
    form: str
    name: str
    reason: str = ""
    cells: tuple[Cell, ...] = ()
    versions: Mapping[str, str] | None = None


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
    peers: tuple[Peer, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """Which peers, or parts of them, were not compared, and why."""
        return tuple(f"{p.runner}: {p.form} NOT RUN: {p.reason}" for p in self.peers if p.reason)

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """Errors over the range of float32, of our files and of peers."""
        every = [c for f in self.frameworks for c in f.cells] + [c for p in self.peers for c in p.cells]
        return tuple(c.course for c in every if c.course is not None)

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


def name_of(output: str, wrt: str | None) -> str:
    """`y` or `∂y/∂x`."""
    return output if wrt is None else f"∂{output}/∂{wrt}"
