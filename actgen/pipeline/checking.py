"""`check` and `verify`: what can be said about specs and folders without writing anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from actgen.diagnostics import Diagnostic, has_errors
from actgen.emit.manifest import read_manifest
from actgen.pipeline.exhaustive import whole_of
from actgen.pipeline.finish import MEASURED
from actgen.pipeline.reading import read_all
from actgen.pipeline.stages import compile_spec, derive_spec, verify_files
from actgen.whole_file import replace_text

if TYPE_CHECKING:
    from actgen.symbolic.derivation import Derivation
    from actgen.verify.exhaustive.whole import OnPart
    from actgen.verify.figures import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The findings about one spec, and, of `verify`, each framework's status and the worst figures.

    `remarks` say which built-ins were not compared, and why; `measured` has every figure, as JSON.
    """

    spec: Path
    diagnostics: tuple[Diagnostic, ...]
    verified: Mapping[str, str] | None = None
    figures: tuple[Figure, ...] = ()
    remarks: tuple[str, ...] = ()
    measured: str | None = None

    @property
    def ok(self) -> bool:
        """Whether no finding is an error."""
        return not has_errors(self.diagnostics)


def check(specs: Sequence[Path]) -> tuple[CheckResult, ...]:
    """Reads and derives every spec, and decides what it claims of points and smoothness; prints and writes nothing."""
    results = []
    for spec, diagnostics in zip(specs, read_all(specs), strict=True):
        found = diagnostics if has_errors(diagnostics) else _check(spec)
        results.append(CheckResult(spec=spec, diagnostics=found))
    return tuple(results)


def _check(spec: Path) -> tuple[Diagnostic, ...]:
    derived = derive_spec(spec)
    if derived.derivation is None:
        return derived.diagnostics
    return (*derived.diagnostics, *claim_findings(derived.derivation))


def claim_findings(derivation: Derivation) -> tuple[Diagnostic, ...]:
    """What is wrong with the claims that need neither samples nor a framework: smoothness, and values at points."""
    from actgen.verify.claims import decided
    from actgen.verify.oracle import Oracle

    activation = derivation.activation
    verdicts = decided(activation, derivation, Oracle(activation))
    return tuple(verdict.diagnostic for verdict in verdicts if verdict.diagnostic is not None)


def verify(
    specs: Sequence[Path],
    out: Path = Path("generated"),
    *,
    targets: Sequence[str] | None = None,
    require: Sequence[str] = (),
    thorough: bool = False,
    device: str = "cpu",
    against: Sequence[str] = (),
    exhaustive: bool = False,
    on_part: OnPart = lambda name, runner, done, total: None,
    on_result: Callable[[CheckResult], None] = lambda result: None,
) -> tuple[CheckResult, ...]:
    """Holds the folders as they lie under `out` against their specs; writes nothing but what `exhaustive` says.

    Args:
        specs: spec files.
        out: the output folder.
        targets: whose files to verify; None for every backend whose file is there.
        require: frameworks whose absence is a finding.
        thorough: more modes, backends, parameters and points, in much more time.
        device: where the frameworks compute, "cpu" or "cuda".
        against: frameworks whose own function for the activation is measured beside ours.
        exhaustive: also go through all of float32, in the targets that are named, or the first that is installed. How
            far that has come is kept in the output folder's hidden one; figures of all files on the CPU go to
            `measured.json`.
        on_part: called with an activation, a runner, and how many parts of how many it has gone through.
        on_result: called with each result as soon as it is known.
    """
    results = []
    for spec, diagnostics in zip(specs, read_all(specs), strict=True):
        if has_errors(diagnostics):
            result = CheckResult(spec=spec, diagnostics=diagnostics)
        else:
            result = _verify(spec, out, targets, require, thorough, device, against, on_part if exhaustive else None)
        on_result(result)
        results.append(result)
    return tuple(results)


def _verify(
    spec: Path,
    out: Path,
    targets: Sequence[str] | None,
    require: Sequence[str],
    thorough: bool,
    device: str,
    against: Sequence[str],
    on_part: OnPart | None,
) -> CheckResult:
    compiled = compile_spec(spec)
    if compiled.unit is None:
        return CheckResult(spec=spec, diagnostics=compiled.diagnostics)
    from actgen.backends.base import backend_names, file_name

    name = compiled.unit.activation.name
    folder = out / name
    unit = replace(compiled.unit, composite="float32" if _in_float32(folder) else "float64")
    there = tuple(t for t in targets or backend_names() if (folder / file_name(name, t)).is_file())
    absent = tuple(lacking(folder, name, t) for t in targets or () if t not in there)
    if not there and not absent:
        absent = (lacking(folder, name, backend_names()[0]),)
    if absent:
        return CheckResult(spec=spec, diagnostics=(*compiled.diagnostics, *absent))
    from actgen.verify.peers.comparing import Wanted

    wanted = Wanted(tuple(dict.fromkeys(against)))
    whole = None if on_part is None else whole_of(spec, out, targets, there, on_part)
    verified = verify_files(unit, folder, there, require, thorough=thorough, device=device, wanted=wanted, whole=whole)
    is_all = device == "cpu" and all(t in there or not (folder / file_name(name, t)).is_file() for t in backend_names())
    if whole is not None and verified.measured is not None and is_all:
        replace_text(folder / MEASURED, verified.measured)
    return CheckResult(
        spec=spec,
        diagnostics=(*compiled.diagnostics, *verified.diagnostics),
        verified=verified.statuses,
        figures=verified.figures,
        remarks=verified.remarks,
        measured=verified.measured,
    )


def _in_float32(folder: Path) -> bool:
    """Whether the folder was built to compute float32 in itself."""
    described = read_manifest(folder)
    return described is not None and described.composite == "float32"


def lacking(folder: Path, name: str, target: str) -> Diagnostic:
    """A finding: a target's file is not there."""
    from actgen.backends.base import file_name

    path = (folder / file_name(name, target)).as_posix()
    return Diagnostic("ACT801", f"{path} is missing", help="run `actgen build` first")
