"""Makes one spec's files in a staging folder and verifies them there. Runs in a worker process or in this one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from actgen.backends.base import KERNEL_HEADER
from actgen.diagnostics import Diagnostic, has_errors
from actgen.emit.install import write_staged
from actgen.emit.manifest import Manifest, SpecVersion, manifest, read_manifest
from actgen.pipeline.certifying import CERTIFICATE, Certified, certified
from actgen.pipeline.picture import accuracy_picture, draw_accuracy, last_pages
from actgen.pipeline.results import Stage
from actgen.pipeline.stages import compile_spec, render, verify_files

if TYPE_CHECKING:
    from actgen.backends.base import Unit
    from actgen.formats import Composite


@dataclass(frozen=True, slots=True)
class Task:
    """What to make: the spec, a staging folder of its own (None: only render), and the options of the build.

    `out` holds what an earlier build left.
    """

    spec: Path
    stage: Path | None
    targets: tuple[str, ...] | None
    verify: bool
    require: tuple[str, ...]
    composite: Composite = "float64"
    out: Path = Path("generated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What came of it. `files` is None where the spec, the printing or the verification failed.

    `pictured` says that the page shows the accuracy: `picture`, or, if that is None, one that lies there already.
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
    pictured: bool = False
    picture: str | None = None

    @property
    def picture_name(self) -> str:
        """The file of the picture."""
        return accuracy_picture(self.name or "")

    def manifest(self) -> Manifest | None:
        """The manifest of a folder that holds the product; None where there are no files."""
        return None if self.files is None else manifest(self.files, self.spec, self.entry, self.composite, self._shown)

    @property
    def _shown(self) -> tuple[str, ...]:
        return (self.picture_name,) if self.pictured else ()


def produce(task: Task, tell: Callable[[Stage], None] = lambda stage: None) -> Product:
    """Compiles, prints, stages and verifies one spec, as far as it goes without errors.

    Args:
        task: what to make.
        tell: called with each stage as it begins.
    """
    tell(Stage.COMPILING)
    compiled = compile_spec(task.spec, task.composite)
    unit = compiled.unit
    if unit is None:
        return Product(diagnostics=compiled.diagnostics)
    tell(Stage.PRINTING)
    rendered = render(unit, task.targets, verified=task.verify)
    diagnostics = (*compiled.diagnostics, *rendered.diagnostics)
    statuses, measured, picture = None, None, None
    if task.stage is not None and not has_errors(diagnostics):
        folder = task.stage / unit.activation.name
        write_staged(folder, rendered.files)
        if task.verify:
            tell(Stage.VERIFYING)
            verified = verify_files(unit, folder, rendered.targets, task.require, pictured=True)
            statuses, measured, picture = verified.statuses, verified.measured, draw_accuracy(unit, verified)
            diagnostics = (*diagnostics, *verified.diagnostics)
    tell(Stage.CERTIFYING)
    certificate = _certificate(task, unit, rendered.files, broken=has_errors(diagnostics))
    if certificate is not None:
        rendered = replace(rendered, files=dict(sorted({**rendered.files, CERTIFICATE: certificate.text}.items())))
        diagnostics = (*diagnostics, *certificate.diagnostics)
        if task.stage is not None:
            (task.stage / unit.activation.name / CERTIFICATE).write_bytes(certificate.text.encode())
    pictured = picture is not None or _keeps_picture(task, unit.activation.name, rendered.files)
    shown = None if certificate is None else certificate.text
    pages = last_pages(unit, rendered, verified=task.verify, pictured=pictured, certificate=shown)
    if task.stage is not None and not has_errors(diagnostics):
        for name, text in pages.items():
            (task.stage / unit.activation.name / name).write_bytes(text.encode())
    return Product(
        name=unit.activation.name,
        class_name=unit.activation.class_name,
        spec=SpecVersion(unit.activation.source.file_name, unit.activation.source.sha256),
        composite=task.composite,
        files=None if has_errors(diagnostics) else dict(sorted({**rendered.files, **pages}.items())),
        entry=rendered.entry,
        diagnostics=diagnostics,
        verified=statuses,
        measured=measured,
        pictured=pictured,
        picture=picture,
    )


def _certificate(task: Task, unit: Unit, files: Mapping[str, str], *, broken: bool) -> Certified | None:
    """Of the kernel, if the activation has one."""
    name = unit.activation.name
    header = files.get(f"{name}{KERNEL_HEADER}")
    if header is None or broken:
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
