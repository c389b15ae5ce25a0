"""Makes one spec's files in a staging folder and verifies them there. Runs in a worker process or in this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from actgen.diagnostics import Diagnostic, has_errors
from actgen.emit.install import write_staged
from actgen.emit.manifest import Manifest, SpecVersion, manifest
from actgen.pipeline.stages import compile_spec, render, verify_files

if TYPE_CHECKING:
    from actgen.formats import Composite


@dataclass(frozen=True, slots=True)
class Task:
    """What to make: the spec, a staging folder of its own (None: only render), and the options of the build."""

    spec: Path
    stage: Path | None
    targets: tuple[str, ...] | None
    verify: bool
    require: tuple[str, ...]
    composite: Composite = "float64"


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What came of it. `files` is None where the spec, the printing or the verification failed."""

    name: str | None = None
    class_name: str = ""
    spec: SpecVersion | None = None
    composite: Composite = "float64"
    files: Mapping[str, str] | None = None
    entry: Mapping[str, object] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    verified: Mapping[str, str] | None = None
    measured: str | None = None

    def manifest(self) -> Manifest | None:
        """The manifest of a folder that holds the product; None where there are no files."""
        return None if self.files is None else manifest(self.files, self.spec, self.entry, self.composite)


def produce(task: Task) -> Product:
    """Compiles, prints, stages and verifies one spec, as far as it goes without errors."""
    compiled = compile_spec(task.spec, task.composite)
    unit = compiled.unit
    if unit is None:
        return Product(diagnostics=compiled.diagnostics)
    rendered = render(unit, task.targets, verified=task.verify)
    diagnostics = (*compiled.diagnostics, *rendered.diagnostics)
    statuses, measured = None, None
    if task.stage is not None and not has_errors(diagnostics):
        folder = task.stage / unit.activation.name
        write_staged(folder, rendered.files)
        if task.verify:
            verified = verify_files(unit, folder, rendered.targets, task.require)
            statuses, measured = verified.statuses, verified.measured
            diagnostics = (*diagnostics, *verified.diagnostics)
    return Product(
        name=unit.activation.name,
        class_name=unit.activation.class_name,
        spec=SpecVersion(unit.activation.source.file_name, unit.activation.source.sha256),
        composite=task.composite,
        files=None if has_errors(diagnostics) else rendered.files,
        entry=rendered.entry,
        diagnostics=diagnostics,
        verified=statuses,
        measured=measured,
    )
