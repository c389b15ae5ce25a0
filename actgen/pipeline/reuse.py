"""What an earlier build verified, where it holds for the files of this one too: nothing is verified twice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from actgen.emit.compare import intact
from actgen.emit.manifest import MANIFEST, read_manifest, sha256
from actgen.emit.workspace import Workspace
from actgen.pipeline.freshness import MEASURED, Record, fingerprint, is_verified, records, spec_version
from actgen.pipeline.stages import Verified
from actgen.pipeline.targets import sorted_out

if TYPE_CHECKING:
    from actgen.pipeline.stages import Rendered
    from actgen.pipeline.task import Task

_SOURCES = (".py", ".js", ".h")


def earlier_verification(task: Task, name: str, rendered: Rendered) -> Verified | None:
    """The verification of the same files, by the same actgen and frameworks, as the folder's record has it.

    So a document can be added to a folder that is up to date, or taken away.

    Args:
        task: what to make.
        name: the activation's.
        rendered: its files.

    Returns:
        Statuses, figures and findings, without the profiles of a picture; None where there is no such verification.
    """
    key = spec_version(task.spec)
    record = records(Workspace(task.out)).get(key) if key else None
    folder = task.out / name
    if record is None or record.name != name or not _holds(record, task, folder):
        return None
    sources = {file: text for file, text in rendered.files.items() if file.endswith(_SOURCES)}
    if not all(_same(folder / file, text) for file, text in sources.items()):
        return None
    figures = folder / MEASURED
    measured = figures.read_text(encoding="utf-8") if figures.is_file() else None
    return Verified(record.verified or {}, measured, record.warnings)


def _holds(record: Record, task: Task, folder: Path) -> bool:
    """Whether the record is about what this build would verify, and the folder is as that build left it."""
    manifest = read_manifest(folder)
    return (
        record.actgen == fingerprint()
        and record.composite == task.composite
        and sorted_out(record.targets).backends == sorted_out(task.targets).backends
        and is_verified(record, task.require)
        and manifest is not None
        and sha256((folder / MANIFEST).read_bytes()) == record.manifest
        and intact(folder, manifest)
    )


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()
