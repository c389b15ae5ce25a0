"""Runs the stages, one after the other, for one spec. Each stage is imported when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from actgen.diagnostics import Diagnostic, Severity, has_errors

if TYPE_CHECKING:
    from actgen.activation import Activation
    from actgen.analysis.report import Analysis
    from actgen.backends.base import MissingOpsError, Unit
    from actgen.formats import Composite
    from actgen.symbolic.derivation import Derivation
    from actgen.verify.exhaustive.whole import Whole
    from actgen.verify.figures import Figure
    from actgen.verify.peers.comparing import Wanted
    from actgen.verify.profile import Profile


@dataclass(frozen=True, slots=True)
class Compiled:
    """A spec's unit, ready to be printed (None if there are errors), and every finding."""

    unit: Unit | None
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """File name to text; the frameworks whose files could be printed; findings about those that could not.

    `entry` is what an index says about the files, `analysis` what is proved of the activation.
    """

    files: Mapping[str, str]
    targets: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    entry: Mapping[str, object] = field(default_factory=dict)
    analysis: Analysis | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """What verification found.

    Attributes:
        statuses: framework to status.
        measured: the figures as JSON text; None if nothing ran.
        diagnostics: the findings.
        figures: the worst of the figures.
        remarks: which peers were not compared, and why.
        profiles: errors over the range of float32, for the picture.
    """

    statuses: Mapping[str, str]
    measured: str | None
    diagnostics: tuple[Diagnostic, ...]
    figures: tuple[Figure, ...] = ()
    remarks: tuple[str, ...] = ()
    profiles: tuple[Profile, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """A spec's mathematics (None if there are errors), and every finding."""

    derivation: Derivation | None
    diagnostics: tuple[Diagnostic, ...]


def derive_spec(path: Path) -> Derived:
    """Reads and derives the spec at `path`; stops after the stage that finds errors."""
    from actgen.pipeline.requiring import read_resolved

    return _derived(*read_resolved(path))


def derive_text(text: str, path: str) -> Derived:
    """As `derive_spec`, for a text that need not be in a file; `path` is the name that findings give it."""
    from actgen.pipeline.requiring import text_resolved

    return _derived(*text_resolved(text, path))


def _derived(activation: Activation | None, diagnostics: Sequence[Diagnostic]) -> Derived:
    if activation is None or has_errors(diagnostics):
        return Derived(None, tuple(diagnostics))

    from actgen.symbolic.derive import derive

    derivation, findings = derive(activation)
    return Derived(None if has_errors(findings) else derivation, (*diagnostics, *findings))


def compile_spec(path: Path, composite: Composite = "float64") -> Compiled:
    """Reads, derives and lowers the spec at `path`; stops after the stage that finds errors.

    Args:
        path: the spec.
        composite: what the files are to compute float32 in.
    """
    return lowered(derive_spec(path), composite)


def lowered(derived: Derived, composite: Composite = "float64") -> Compiled:
    """The unit of what was derived, with its findings."""
    if derived.derivation is None:
        return Compiled(None, derived.diagnostics)

    from actgen.backends.base import Unit
    from actgen.program.lower import lower

    derivation = derived.derivation
    unit = Unit(activation=derivation.activation, derivation=derivation, program=lower(derivation), composite=composite)
    return Compiled(unit, derived.diagnostics)


def render(
    unit: Unit,
    targets: Sequence[str] | None = None,
    *,
    verified: bool = True,
    tell: Callable[[str, str], None] = lambda target, lacking: None,
) -> Rendered:
    """Prints the unit for every target, with its docs and the user's own check.

    A target that lacks an op of the program is an error if it was asked for by name, else a warning.

    Args:
        unit: what to print.
        targets: what to print, see `target_names`; None for every framework.
        verified: whether the files will be verified before anybody sees them; else the page says that they were not.
        tell: called with each target once it is printed, and with the operations that it lacks.

    Raises:
        KeyError: if there is no backend of a name.
    """
    from actgen.analysis.analyse import analyse
    from actgen.backends.base import KERNEL, MissingOpsError, backend, backend_names, uses_kernel, with_bases
    from actgen.docs import entry, pages
    from actgen.selfcheck import module

    files: dict[str, str] = {}
    printed: list[str] = []
    diagnostics: list[Diagnostic] = []
    for name in with_bases(targets) if targets is not None else backend_names():
        try:
            files.update(backend(name).files(unit))
        except MissingOpsError as error:
            diagnostics.append(_lacking(unit, error, asked=targets is not None))
            tell(name, f"lacks {', '.join(sorted(error.ops))}")
        else:
            tell(name, "")
            printed += [name] if name in backend_names() else []
    if uses_kernel(printed):
        with suppress(MissingOpsError):  # the files of the others compute with their framework's operations then
            files.update(backend(KERNEL).files(unit))
    checks = module.files(unit, tuple(printed))
    kernel = has_kernel(files)
    analysis = analyse(unit.derivation)
    shown = pages.files(unit, printed, verified=verified, kernel=kernel, checked=bool(checks), analysis=analysis)
    return Rendered(
        files=dict(sorted({**files, **checks, **shown}.items())),
        targets=tuple(printed),
        diagnostics=tuple(diagnostics),
        analysis=analysis,
        entry=entry.entry(unit, printed, analysis),
    )


def has_kernel(files: Iterable[str]) -> bool:
    """Whether the header of a kernel is among the names of files."""
    from actgen.backends.base import KERNEL_HEADER

    return any(name.endswith(KERNEL_HEADER) for name in files)


def render_files(unit: Unit, targets: Sequence[str] | None = None) -> dict[str, str]:
    """The texts of `render`: file name to content, sorted."""
    return dict(render(unit, targets).files)


def verify_files(
    unit: Unit,
    folder: Path,
    targets: Sequence[str],
    require: Sequence[str],
    *,
    thorough: bool = False,
    device: str = "cpu",
    wanted: Wanted | None = None,
    pictured: bool = False,
    whole: Whole | None = None,
    tell: Callable[[str], None] = lambda framework: None,
) -> Verified:
    """Holds the files in `folder` against the oracle, each framework in a process of its own.

    Args:
        unit: what was printed.
        folder: where the files are.
        targets: whose files to verify.
        require: frameworks whose absence is a finding.
        thorough: more modes, backends, parameters and points.
        device: where the frameworks compute, "cpu" or "cuda".
        wanted: which peers to measure beside the files; None for none.
        pictured: measure what the page's picture shows.
        whole: the wish to go through all of float32 too.
        tell: called with a framework, from another thread, when its process begins.
    """
    from actgen.verify.figures import figures
    from actgen.verify.measured import text
    from actgen.verify.peers.comparing import NOTHING
    from actgen.verify.peers.comparing import pictured as picture
    from actgen.verify.screen import ProgramScreen
    from actgen.verify.verify import verify

    report = verify(
        unit.activation,
        folder,
        frameworks=tuple(targets),
        require=tuple(require),
        thorough=thorough,
        device=device,
        derivation=unit.derivation,
        screen=ProgramScreen(unit.program),
        composite=unit.composite,
        wanted=wanted or (picture(targets) if pictured else NOTHING),
        whole=whole,
        tell=tell,
    )
    found = figures(report, unit.activation.nominal())
    return Verified(report.statuses, text(report), report.diagnostics, found, report.remarks, report.profiles)


def _lacking(unit: Unit, error: MissingOpsError, *, asked: bool) -> Diagnostic:
    ops = ", ".join(sorted(error.ops))
    return Diagnostic(
        "ACT811",
        f"{error.backend} has no {ops}, which {unit.activation.name} needs; its file is not written",
        help="name the other targets with --target" if asked else None,
        severity=Severity.ERROR if asked else Severity.WARNING,
    )
