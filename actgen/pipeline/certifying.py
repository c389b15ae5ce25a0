"""The kernel's certificate: kept where it still holds, else measured, else NOT RUN."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from actgen.backends.base import KERNEL_HEADER
from actgen.diagnostics import Diagnostic, Severity
from actgen.emit.manifest import MANIFEST, read_manifest, sha256
from actgen.emit.workspace import Workspace
from actgen.native.runtime.cache import user_cache
from actgen.native.runtime.compiler import CompilationError, find_compiler
from actgen.pipeline.exhaustive import AREA
from actgen.pipeline.freshness import records, save, spec_version
from actgen.pipeline.stages import compile_spec
from actgen.whole_file import replace_text

if TYPE_CHECKING:
    from actgen.backends.base import Unit
    from actgen.native.runtime.compiler import Compiler
    from actgen.verify.kernels.certificate import Section
    from actgen.verify.kernels.measuring import Subject

CERTIFICATE = "certificate.json"
_CERTIFY = "`make certify` goes through all 2^32 inputs of float32"
_SEVERAL = "there are 2^64 pairs of inputs and more"


@dataclass(frozen=True, slots=True)
class Certified:
    """The certificate's text, and what was found."""

    text: str
    diagnostics: tuple[Diagnostic, ...] = ()


def certified(unit: Unit, header: str, earlier: str | None, *, measure: bool) -> Certified:
    """The certificate of a kernel.

    Args:
        unit: what was printed.
        header: the element header.
        earlier: the certificate of an earlier build; what still holds of it is kept.
        measure: whether to measure what does not.
    """
    from actgen.verify.kernels import certificate

    name, to = unit.activation.name, certificate.bound(unit.activation, header)
    measured, exhaustive = certificate.kept(earlier, to)
    exhaustive = exhaustive or certificate.not_run(_SEVERAL if len(unit.activation.inputs) > 1 else _CERTIFY)
    found: tuple[Diagnostic, ...] = ()
    if measure and not certificate.was_run(measured):
        measured, found = measured_section(unit, header)
    measured = measured or certificate.not_run("the build did not verify")
    return Certified(certificate.text(name, to, measured, exhaustive), (*found, *_whole_findings(unit, exhaustive)))


def measured_section(unit: Unit, header: str) -> tuple[Section, tuple[Diagnostic, ...]]:
    """What is measured now, or why nothing is; and the findings."""
    from actgen.verify.findings import of_cells
    from actgen.verify.kernels import certificate
    from actgen.verify.kernels.measuring import measured

    compiler = find_compiler()
    if compiler is None:
        return certificate.not_run("there was no C++ compiler"), (_no_compiler(unit),)
    try:
        cells = measured(subject_of(unit, header, compiler))
    except (CompilationError, OSError) as error:
        return certificate.not_run("the kernel could not be compiled"), (_uncompiled(unit, error),)
    return certificate.results(cells), tuple(of_cells(unit.activation, cells))


def subject_of(unit: Unit, header: str, compiler: Compiler) -> Subject:
    """What is measured; libraries are kept in the user's cache."""
    from actgen.backends.kernel import struct_name
    from actgen.program.precision import moving_zeros
    from actgen.program.sampling import further_parameters, samples
    from actgen.verify.kernels.calling import Header
    from actgen.verify.kernels.measuring import Subject
    from actgen.verify.verify import breakpoints_of

    held = Header(header, struct_name(unit.activation.name))
    breakpoints = breakpoints_of(unit.derivation)
    moving = moving_zeros(unit.program, samples(unit.derivation), further_parameters(unit.derivation))
    return Subject(unit.activation, unit.program, moving, breakpoints, held, compiler, user_cache())


def _no_compiler(unit: Unit) -> Diagnostic:
    text = f"NOT RUN: the kernel of {unit.activation.name}, for there is no C++ compiler; its certificate says so"
    return Diagnostic("ACT831", text, help="install g++ or clang++, or set CXX", severity=Severity.WARNING)


def _uncompiled(unit: Unit, error: Exception) -> Diagnostic:
    return Diagnostic("ACT832", f"the kernel of {unit.activation.name}: {error}", unit.activation.outputs[0].span)


def _whole_findings(unit: Unit, exhaustive: Section) -> tuple[Diagnostic, ...]:
    if exhaustive["status"] != "FAILED":
        return ()
    text = f"the kernel of {unit.activation.name} is wrong at some of all 2^32 inputs: see {CERTIFICATE}"
    return (Diagnostic("ACT833", text, unit.activation.outputs[0].span),)


@dataclass(frozen=True, slots=True)
class Gone:
    """What came of going through all floats: findings, and how many seconds it took in all, earlier runs included."""

    diagnostics: tuple[Diagnostic, ...]
    seconds: float = 0.0


def certify(spec: Path, out: Path, on_part: Callable[[int, int], None] = lambda done, total: None) -> Gone:
    """Goes through all of float32 with the kernel that lies under `out`, and writes what was found to its certificate.

    Raises:
        OSError: if files cannot be read or written.
    """
    compiled = compile_spec(spec)
    unit, compiler = compiled.unit, find_compiler()
    if unit is None:
        return Gone(compiled.diagnostics)
    if compiler is None:
        return Gone((_no_compiler(unit),))
    folder = out / unit.activation.name
    header = _header(unit)
    if header is None or len(unit.activation.inputs) > 1:
        return Gone(())
    if _text(folder / f"{unit.activation.name}{KERNEL_HEADER}") != header or read_manifest(folder) is None:
        text = f"{folder.as_posix()} is not what a build writes"
        return Gone((Diagnostic("ACT802", text, help="run `actgen build` first"),))
    return _gone(unit, header, compiler, spec, Workspace(out), on_part)


def _gone(
    unit: Unit,
    header: str,
    compiler: Compiler,
    spec: Path,
    workspace: Workspace,
    on_part: Callable[[int, int], None],
) -> Gone:
    from actgen.verify.findings import of_cells
    from actgen.verify.kernels import certificate
    from actgen.verify.kernels.exhaustive import Whole, gone_through

    name, to = unit.activation.name, certificate.bound(unit.activation, header)
    state = workspace.area(AREA) / f"{name}-kernel.json"
    whole = Whole(state, f"{certificate.METHOD} {to.code} {to.math}", on_part)
    try:
        found = gone_through(subject_of(unit, header, compiler), whole)
    except CompilationError as error:
        return Gone((_uncompiled(unit, error),))
    measured, _ = certificate.kept(_text(workspace.out / name / CERTIFICATE), to)
    measured = measured or certificate.not_run("the build did not verify")
    text = certificate.text(name, to, measured, certificate.results(found.cells, whole.extent.size))
    _install(spec, workspace, name, text)
    return Gone(tuple(of_cells(unit.activation, found.cells)), found.seconds)


def _install(spec: Path, workspace: Workspace, name: str, text: str) -> None:
    """Replaces the certificate, the page that tells of it, the manifest of both, and the record that has its hash."""
    from actgen.docs.page import with_certificate
    from actgen.docs.page_data import page_name

    folder, page = workspace.out / name, page_name(name)
    with workspace.lock():
        described, version = read_manifest(folder), spec_version(spec)
        assert described is not None
        changed = {CERTIFICATE: text}
        if page in described.files:
            changed[page] = with_certificate((folder / page).read_bytes().decode(), text)
        hashes = {file: sha256(content.encode()) for file, content in changed.items()}
        after = replace(described, files={**described.files, **hashes})
        record = None if version is None else records(workspace).get(version)
        before = sha256((folder / MANIFEST).read_bytes())
        for file, content in changed.items():
            replace_text(folder / file, content)
        replace_text(folder / MANIFEST, after.text())
        if record is not None and record.manifest == before:
            save(workspace, replace(record, manifest=sha256(after.text().encode())))


def _header(unit: Unit) -> str | None:
    from actgen.backends.base import KERNEL, MissingOpsError, backend

    try:
        (text,) = backend(KERNEL).files(unit).values()
    except MissingOpsError:
        return None
    return text


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode()
    except (OSError, ValueError):
        return None
