"""Makes one spec's files in a staging folder and verifies them there. Runs in a worker process or in this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from actgen.backends.base import KERNEL_HEADER
from actgen.diagnostics import Diagnostic, has_errors
from actgen.docs.documents import Described
from actgen.emit.install import write_staged
from actgen.emit.manifest import Manifest, SpecVersion, manifest, read_manifest
from actgen.pipeline.certifying import CERTIFICATE, Certified, certified
from actgen.pipeline.documenting import documented, obstacles
from actgen.pipeline.picture import accuracy_picture, draw_accuracy, last_pages
from actgen.pipeline.progress import Tell, printing, tell_nobody, verdicts, verifying
from actgen.pipeline.results import Stage
from actgen.pipeline.reuse import earlier_verification
from actgen.pipeline.stages import Rendered, Verified, compile_spec, render, verify_files
from actgen.pipeline.targets import sorted_out
from actgen.pipeline.task import Task

if TYPE_CHECKING:
    from actgen.backends.base import Unit
    from actgen.formats import Composite


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What came of it. `files` is None where the spec, the printing or the verification failed.

    `own` names what a machine makes by itself, such as the picture of the accuracy, with its bytes; None where what
    lies there already stays.
    """

    name: str | None = None
    class_name: str = ""
    spec: SpecVersion | None = None
    composite: Composite = "float64"
    files: Mapping[str, str] | None = None
    entry: Mapping[str, object] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    verified: Mapping[str, str] | None = None
    measured: str | None = None
    own: Mapping[str, bytes | None] = field(default_factory=dict)

    def manifest(self) -> Manifest | None:
        """The manifest of a folder that holds the product; None where there are no files."""
        own = tuple(sorted(self.own))
        return None if self.files is None else manifest(self.files, self.spec, self.entry, self.composite, own)


def produce(task: Task, tell: Tell = tell_nobody) -> Product:
    """Compiles, prints, stages and verifies one spec, as far as it goes without errors.

    Args:
        task: what to make.
        tell: called with each stage as it begins, and with its parts.
    """
    tell(Stage.COMPILING)
    wanted = sorted_out(task.targets)
    if task.stage is not None and (lacking := obstacles(wanted.documents, task.spec)):
        return Product(diagnostics=lacking)
    compiled = compile_spec(task.spec, task.composite)
    unit = compiled.unit
    if unit is None:
        return Product(diagnostics=compiled.diagnostics)
    tell(Stage.PRINTING)
    rendered = render(unit, wanted.backends, verified=task.verify, tell=printing(tell))
    diagnostics = (*compiled.diagnostics, *rendered.diagnostics)
    folder = None if task.stage is None else task.stage / unit.activation.name
    statuses, measured, picture = None, None, None
    if folder is not None and not has_errors(diagnostics):
        write_staged(folder, rendered.files)
        if task.verify:
            verified = _verification(task, unit, rendered, folder, tell)
            statuses, measured, picture = verified.statuses, verified.measured, draw_accuracy(unit, verified)
            diagnostics = (*diagnostics, *verified.diagnostics)
    tell(Stage.CERTIFYING)
    finished = _finished(task, unit, rendered, picture, broken=has_errors(diagnostics))
    diagnostics = tuple(dict.fromkeys((*diagnostics, *finished.diagnostics)))
    if folder is not None and not has_errors(diagnostics):
        _restage(folder, rendered.files, finished.files)
    return Product(
        name=unit.activation.name,
        class_name=unit.activation.class_name,
        spec=SpecVersion(unit.activation.source.file_name, unit.activation.source.sha256),
        composite=task.composite,
        files=None if has_errors(diagnostics) else finished.files,
        entry=rendered.entry,
        diagnostics=diagnostics,
        verified=statuses,
        measured=measured,
        own=finished.own,
    )


def _verification(task: Task, unit: Unit, rendered: Rendered, folder: Path, tell: Tell) -> Verified:
    """What the verification of the staged files finds, or found already where an earlier build left the same."""
    verified = earlier_verification(task, unit.activation.name, rendered)
    if verified is None:
        tell(Stage.VERIFYING)
        verified = verify_files(unit, folder, rendered.targets, task.require, pictured=True, tell=verifying(tell))
    for part in verdicts(verified):
        tell(part)
    return verified


@dataclass(frozen=True, slots=True)
class _Finished:
    """All texts, what a machine makes by itself, and the findings about both."""

    files: Mapping[str, str]
    own: Mapping[str, bytes | None] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def _finished(task: Task, unit: Unit, rendered: Rendered, picture: str | None, *, broken: bool) -> _Finished:
    """Adds what can only be written once the files are verified: certificate, picture, documents."""
    if broken:
        return _Finished(rendered.files)
    certificate = _certificate(task, unit, rendered.files)
    files, found, own = dict(rendered.files), (), dict[str, bytes | None]()
    if certificate is not None:
        files[CERTIFICATE], found = certificate.text, certificate.diagnostics
    pictured = picture is not None or _keeps_picture(task, unit.activation.name, files)
    if pictured:
        own[accuracy_picture(unit.activation.name)] = None if picture is None else picture.encode()
    kernel = files.get(CERTIFICATE)
    files |= last_pages(unit, rendered, verified=task.verify, pictured=pictured, certificate=kernel)
    described = Described(
        unit=unit, targets=rendered.targets, verified=task.verify, certificate=kernel, analysis=rendered.analysis
    )
    make = task.stage is not None and not has_errors(found)
    documents = documented(sorted_out(task.targets).documents, described, make=make)
    files, own = {**files, **documents.sources}, {**own, **documents.made}
    return _Finished(dict(sorted(files.items())), own, (*found, *documents.diagnostics))


def _restage(folder: Path, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Writes what is new, or another text, since the files were staged."""
    for name, text in after.items():
        if before.get(name) != text:
            (folder / name).write_bytes(text.encode())


def _certificate(task: Task, unit: Unit, files: Mapping[str, str]) -> Certified | None:
    """Of the kernel, if the activation has one."""
    name = unit.activation.name
    header = files.get(f"{name}{KERNEL_HEADER}")
    if header is None:
        return None
    path = task.out / name / CERTIFICATE
    earlier = path.read_bytes().decode(errors="replace") if path.is_file() else None
    return certified(unit, header, earlier, measure=task.verify and task.stage is not None)


def _keeps_picture(task: Task, name: str, files: Mapping[str, str]) -> bool:
    """Whether a picture that an earlier build drew stays: what it shows is the same source."""
    folder = task.out / name
    old = read_manifest(folder)
    if task.stage is None:
        return old is not None and accuracy_picture(name) in old.measured
    there = (folder / accuracy_picture(name)).is_file()
    sources = [n for n in files if n.endswith(".py")]
    return there and all((folder / n).is_file() and (folder / n).read_bytes() == files[n].encode() for n in sources)
