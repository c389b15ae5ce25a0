"""Folders that all activations of an output folder share: copies of what ships with actgen.

`actgen_native` compiles and calls the kernels; `assets` holds the style sheets and scripts of the pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from actgen.backends.base import KERNEL_HEADER
from actgen.docs.page_assets import ASSETS, asset_files
from actgen.emit.compare import intact, stale_files, unified_diff
from actgen.emit.install import install, write_staged
from actgen.emit.manifest import Manifest, manifest, read_manifest
from actgen.emit.workspace import Workspace
from actgen.pipeline.finish import stale_findings
from actgen.pipeline.index import manifests_in
from actgen.pipeline.results import Outcome, SharedResult
from actgen.resources import runtime_files

PACKAGE = "actgen_native"
_PAGE = ".html"


@dataclass(frozen=True, slots=True)
class SharedFolder:
    """A folder, what belongs in it, and how the name of a file ends that needs it."""

    name: str
    files: Callable[[], Mapping[str, str]]
    needed_by: str


_SHARED = (SharedFolder(PACKAGE, runtime_files, KERNEL_HEADER), SharedFolder(ASSETS, asset_files, _PAGE))


def update_shared(workspace: Workspace) -> tuple[SharedResult, ...]:
    """Puts the shared folders beside activations that need them.

    Raises:
        OSError: if a file cannot be written.
    """
    manifests = manifests_in(workspace.out)
    return tuple(_update(workspace, shared) for shared in _wanted(manifests))


def compare_shared(out: Path, planned: Mapping[str, Manifest], *, with_diff: bool) -> tuple[SharedResult, ...]:
    """Says whether the shared folders are what a build would leave; writes nothing.

    Args:
        out: the output folder.
        planned: the manifests that the build would write, by folder.
        with_diff: give the differences too.
    """
    manifests = {**manifests_in(out), **planned}
    return tuple(_compared(out, shared, with_diff=with_diff) for shared in _wanted(manifests))


def _wanted(manifests: Mapping[str, Manifest]) -> tuple[SharedFolder, ...]:
    names = [name for found in manifests.values() for name in found.files]
    return tuple(shared for shared in _SHARED if any(name.endswith(shared.needed_by) for name in names))


def _update(workspace: Workspace, shared: SharedFolder) -> SharedResult:
    folder, files = workspace.out / shared.name, shared.files()
    described = manifest(files)
    if read_manifest(folder) == described and intact(folder, described):
        return SharedResult(outcome=Outcome.CURRENT, path=folder)
    with workspace.staging() as stage, workspace.lock():
        write_staged(stage / shared.name, files)
        install(stage / shared.name, folder, files, described)
    return SharedResult(outcome=Outcome.BUILT, path=folder)


def _compared(out: Path, shared: SharedFolder, *, with_diff: bool) -> SharedResult:
    folder, files = out / shared.name, shared.files()
    stale = stale_files(folder, files, manifest(files))
    return SharedResult(
        outcome=Outcome.STALE if stale else Outcome.CURRENT,
        path=folder,
        diagnostics=stale_findings(folder, stale),
        diff=unified_diff(folder, files, manifest(files)) if with_diff else "",
    )
