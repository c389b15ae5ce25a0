"""The package of the kernels in an output folder: `actgen_native`, a copy of what ships with actgen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from actgen.backends.base import KERNEL_HEADER
from actgen.emit.compare import intact, stale_files, unified_diff
from actgen.emit.install import install, write_staged
from actgen.emit.manifest import Manifest, manifest, read_manifest
from actgen.emit.workspace import Workspace
from actgen.pipeline.finish import stale_findings
from actgen.pipeline.index import manifests_in
from actgen.pipeline.results import Outcome, SharedResult
from actgen.resources import runtime_files

PACKAGE = "actgen_native"


def update_package(workspace: Workspace) -> SharedResult | None:
    """Puts the package beside folders that have a kernel; None if none has.

    Raises:
        OSError: if a file cannot be written.
    """
    folder = workspace.out / PACKAGE
    if not _wanted(manifests_in(workspace.out)):
        return None
    described = manifest(runtime_files())
    if read_manifest(folder) == described and intact(folder, described):
        return SharedResult(outcome=Outcome.CURRENT, path=folder)
    with workspace.staging() as stage, workspace.lock():
        write_staged(stage / PACKAGE, runtime_files())
        install(stage / PACKAGE, folder, runtime_files(), described)
    return SharedResult(outcome=Outcome.BUILT, path=folder)


def compare_package(out: Path, planned: Mapping[str, Manifest], *, with_diff: bool) -> SharedResult | None:
    """Says whether the package is what a build would leave; writes nothing.

    Args:
        out: the output folder.
        planned: the manifests that the build would write, by folder.
        with_diff: give the difference too.
    """
    if not _wanted({**manifests_in(out), **planned}):
        return None
    folder, files = out / PACKAGE, runtime_files()
    stale = stale_files(folder, files, manifest(files))
    return SharedResult(
        outcome=Outcome.STALE if stale else Outcome.CURRENT,
        path=folder,
        diagnostics=stale_findings(folder, stale),
        diff=unified_diff(folder, files, manifest(files)) if with_diff else "",
    )


def _wanted(manifests: Mapping[str, Manifest]) -> bool:
    return any(name.endswith(KERNEL_HEADER) for found in manifests.values() for name in found.files)
