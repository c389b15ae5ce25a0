"""What becomes of a product: put in place, or compared with what is there."""

from __future__ import annotations

from pathlib import Path

from actgen.diagnostics import Diagnostic
from actgen.emit.compare import Stale, Staleness, stale_files, unified_diff
from actgen.emit.install import Installed, install
from actgen.emit.manifest import Manifest, sha256
from actgen.emit.workspace import Workspace
from actgen.pipeline.freshness import MEASURED, Record, fingerprint, forget, save, spec_version, verifiers
from actgen.pipeline.produce import Product
from actgen.pipeline.results import BuildResult, Outcome
from actgen.pipeline.task import Task

_CODES = {Staleness.MISSING: "ACT801", Staleness.CHANGED: "ACT802", Staleness.EXTRA: "ACT803"}
_WORDS = {
    Staleness.MISSING: "is missing",
    Staleness.CHANGED: "is not what a build writes",
    Staleness.EXTRA: "is left over from an earlier build",
}


def install_product(task: Task, workspace: Workspace, product: Product) -> BuildResult:
    """Replaces the activation's folder by the product, if it has no errors, and records what was verified.

    Raises:
        OSError: if a file cannot be written.
    """
    described = product.manifest()
    if described is None or product.name is None or task.stage is None:
        return _failed(task.spec, product)
    folder = workspace.out / product.name
    with workspace.lock():
        forget(workspace, product.name)
        installed = _replace_folder(task.stage / product.name, folder, product, described)
        if spec_version(task.spec) == product.spec:
            save(workspace, _record(task, product, described))
    return BuildResult(
        spec=task.spec,
        outcome=Outcome.BUILT,
        name=product.name,
        folder=folder,
        diagnostics=product.diagnostics,
        written=installed.written,
        removed=installed.removed,
        verified=product.verified,
    )


def compare_product(spec: Path, out: Path, product: Product, *, with_diff: bool) -> BuildResult:
    """Says which files differ from the product; writes nothing."""
    described = product.manifest()
    if described is None or product.files is None or product.name is None:
        return _failed(spec, product)
    folder = out / product.name
    stale = stale_files(folder, product.files, described)
    return BuildResult(
        spec=spec,
        outcome=Outcome.STALE if stale else Outcome.CURRENT,
        name=product.name,
        folder=folder,
        diagnostics=(*product.diagnostics, *stale_findings(folder, stale)),
        diff=unified_diff(folder, product.files, described) if with_diff else "",
    )


def stale_findings(folder: Path, stale: tuple[Stale, ...]) -> tuple[Diagnostic, ...]:
    """A finding for each file that differs from what a build would write."""
    return tuple(
        Diagnostic(
            _CODES[one.kind],
            f"{(folder / one.name).as_posix()} {_WORDS[one.kind]}",
            help="run `actgen build` without --check",
        )
        for one in stale
    )


def _replace_folder(stage: Path, folder: Path, product: Product, described: Manifest) -> Installed:
    """Figures are removed before the files they are about change, and come back only with new files' figures."""
    assert product.files is not None
    old_figures = folder / MEASURED
    if product.measured is not None or stale_files(folder, product.files, described):
        old_figures.unlink(missing_ok=True)
    installed = install(stage, folder, product.files, described)
    figures = None if product.measured is None else product.measured.encode()
    for name, content in {MEASURED: figures, **product.own}.items():
        if content is not None:
            (stage / name).write_bytes(content)
            (stage / name).replace(folder / name)
    return installed


def _record(task: Task, product: Product, described: Manifest) -> Record:
    assert product.name is not None
    assert product.spec is not None
    return Record(
        spec=product.spec,
        actgen=fingerprint(),
        targets=task.targets,
        name=product.name,
        class_name=product.class_name,
        manifest=sha256(described.text().encode()),
        verified=product.verified,
        frameworks=verifiers(),
        warnings=product.diagnostics,
        composite=task.composite,
    )


def _failed(spec: Path, product: Product) -> BuildResult:
    return BuildResult(spec=spec, outcome=Outcome.FAILED, name=product.name, diagnostics=product.diagnostics)
