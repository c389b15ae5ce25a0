"""`build`: specs in, folders out, each whole and verified or left as it was."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from actgen.diagnostics import has_errors
from actgen.emit.manifest import Manifest
from actgen.emit.workspace import Workspace
from actgen.pipeline.finish import compare_product, install_product
from actgen.pipeline.freshness import Record, is_fresh, records, spec_version
from actgen.pipeline.index import compare_index, update_index
from actgen.pipeline.progress import Tell, tell_nobody
from actgen.pipeline.reading import read_all
from actgen.pipeline.results import BuildReport, BuildResult, Outcome, SharedResult, Stage
from actgen.pipeline.shared import compare_shared, update_shared
from actgen.pipeline.task import Task
from actgen.pipeline.workers import run

if TYPE_CHECKING:
    from actgen.formats import Composite


@dataclass(frozen=True, slots=True, kw_only=True)
class _Build:
    """The options of one build, and what it has found so far, by the spec's number."""

    specs: tuple[Path, ...]
    workspace: Workspace
    targets: tuple[str, ...] | None
    jobs: int
    verify: bool
    require: tuple[str, ...]
    composite: Composite
    tell: Callable[[BuildResult], None]
    stage: Tell
    results: dict[int, BuildResult] = field(default_factory=dict)

    def add(self, number: int, result: BuildResult) -> None:
        self.results[number] = result
        self.tell(result)

    def task(self, number: int, stage: Path | None) -> Task:
        return Task(
            self.specs[number], stage, self.targets, self.verify, self.require, self.composite, self.workspace.out
        )

    def open(self) -> list[int]:
        return [number for number in range(len(self.specs)) if number not in self.results]


def build(
    paths: Sequence[Path],
    out: Path = Path("generated"),
    *,
    targets: Sequence[str] | None = None,
    jobs: int = 1,
    verify: bool = True,
    check: bool = False,
    diff: bool = False,
    require: Sequence[str] = (),
    composite: Composite = "float64",
    on_result: Callable[[BuildResult], None] = lambda result: None,
    on_stage: Tell = tell_nobody,
) -> BuildReport:
    """Builds every spec into a folder of its name under `out`, and the index of all folders there.

    A spec's folder is replaced only when its files are complete and verified, file by file under a lock, the
    manifest last. Nothing is done for a folder that is known to be current and verified.

    Args:
        paths: spec files.
        out: the output folder; made if it is missing.
        targets: what to make, see `actgen.pipeline.targets`; None for all frameworks.
        jobs: how many specs to work on at once.
        verify: hold the files against the oracle before they are put in place.
        check: write nothing; say which files differ from what a build would write.
        diff: write nothing; give the difference as a unified diff.
        require: frameworks that must be there for the verification.
        composite: what the files compute float32 in; in float32 it is less accurate, and 16-bit formats may be.
        on_result: called with each result as soon as it is known.
        on_stage: called with each stage as it begins, and with each `Part` of it, from any thread; of specs in worker
            processes (`jobs`), only with the last stage.

    Returns:
        One result per path, in the order of `paths`, and what became of the index.

    Raises:
        OSError: if files cannot be read or written.
    """
    work = _Build(
        specs=tuple(paths),
        workspace=Workspace(out),
        targets=None if targets is None else tuple(targets),
        jobs=jobs,
        verify=verify,
        require=tuple(require),
        composite=composite,
        tell=on_result,
        stage=on_stage,
    )
    folders, index = _compare(work, with_diff=diff) if check or diff else _make(work)
    specs = tuple(work.results[number] for number in range(len(work.specs)))
    return BuildReport(specs=specs, index=index, folders=folders)


_Shared = tuple[tuple[SharedResult, ...], SharedResult | None]
"""The shared folders, and the index."""


def _compare(work: _Build, *, with_diff: bool) -> _Shared:
    _refuse_unreadable(work)
    rest = work.open()
    planned: dict[str, Manifest] = {}
    for index, product in run([work.task(number, None) for number in rest], work.jobs):
        result = compare_product(work.specs[rest[index]], work.workspace.out, product, with_diff=with_diff)
        work.add(rest[index], result)
        if product.name is not None and (described := product.manifest()):
            planned[product.name] = described
    out = work.workspace.out
    return compare_shared(out, planned, with_diff=with_diff), compare_index(out, planned, with_diff=with_diff)


def _make(work: _Build) -> _Shared:
    try:
        _make_folders(work)
    except BaseException:  # what was put in place before the interrupt, or before the disk was full, is indexed too
        with suppress(OSError):
            update_shared(work.workspace)
            update_index(work.workspace)
        raise
    return update_shared(work.workspace), update_index(work.workspace)


def _make_folders(work: _Build) -> None:
    fresh = _fresh(work)
    if len(fresh) < len(work.specs) or not _distinct(fresh.values()):
        _refuse_unreadable(work)
    for number in fresh.keys() - work.results.keys():
        work.add(number, _current(work, number, fresh[number]))
    if not (rest := work.open()):
        return
    with work.workspace.staging() as stage:
        tasks = [work.task(number, stage / str(number)) for number in rest]
        for index, product in run(tasks, work.jobs, work.stage):
            work.stage(Stage.INSTALLING)
            work.add(rest[index], install_product(tasks[index], work.workspace, product))


def _fresh(work: _Build) -> dict[int, Record]:
    """The specs whose folders need no build, by number."""
    if not (known := records(work.workspace)):
        return {}
    found = ((number, known.get(key)) for number, path in enumerate(work.specs) if (key := spec_version(path)))
    return {
        number: record
        for number, record in found
        if record
        and is_fresh(
            record,
            work.workspace.out,
            targets=work.targets,
            verify=work.verify,
            require=work.require,
            composite=work.composite,
        )
    }


def _distinct(found: Collection[Record]) -> bool:
    return len({r.name for r in found}) == len({r.class_name for r in found}) == len(found)


def _current(work: _Build, number: int, record: Record) -> BuildResult:
    return BuildResult(
        spec=work.specs[number],
        outcome=Outcome.CURRENT,
        name=record.name,
        folder=work.workspace.out / record.name,
        diagnostics=record.warnings,
        verified=record.verified,
    )


def _refuse_unreadable(work: _Build) -> None:
    """Reads every spec; those with errors, and those that claim another's name, go no further."""
    for number, (spec, diagnostics) in enumerate(zip(work.specs, read_all(work.specs), strict=True)):
        if has_errors(diagnostics):
            work.add(number, BuildResult(spec=spec, outcome=Outcome.FAILED, diagnostics=diagnostics))
