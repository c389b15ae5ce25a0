"""What a build says about each spec, and about the folder as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from actgen.diagnostics import Diagnostic


class Outcome(Enum):
    """How a spec fared."""

    BUILT = "built"
    CURRENT = "up to date"
    STALE = "stale"
    FAILED = "failed"


class Stage(Enum):
    """What is being done for a spec."""

    COMPILING = "compiling"
    PRINTING = "printing"
    VERIFYING = "verifying"
    CERTIFYING = "certifying"
    INSTALLING = "installing"


_GOOD = (Outcome.BUILT, Outcome.CURRENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """One spec's part of a build.

    Attributes:
        spec: the file as it was named.
        outcome: built, up to date, stale (only with `check` and `diff`), or failed (nothing was touched).
        name: the activation's name; None if the spec could not be read.
        folder: where its files are, or would be.
        diagnostics: every finding, warnings and notes included.
        written: files that were written because they were new or had changed.
        removed: files of an earlier build that this one does not have.
        verified: framework to status (`ok 2.13.0`, `NOT RUN`); None where nothing was verified.
        diff: with `diff`, what a build would change.
    """

    spec: Path
    outcome: Outcome
    name: str | None = None
    folder: Path | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    verified: Mapping[str, str] | None = None
    diff: str = ""

    @property
    def ok(self) -> bool:
        """Whether the folder now holds what the spec says."""
        return self.outcome in _GOOD


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedResult:
    """What became of what all specs share: the output folder's index, or a folder.

    Attributes:
        outcome: built, up to date, or stale (only with `check` and `diff`).
        path: the index, or the folder.
        diagnostics: with `check` and `diff`, which files are stale.
        diff: with `diff`, what a build would change.
    """

    outcome: Outcome
    path: Path
    diagnostics: tuple[Diagnostic, ...] = ()
    diff: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """A whole build.

    Attributes:
        specs: one result per spec, in the order they were given.
        index: of the output folder, if it has one.
        folders: what all activations share, as far as they need it: the package of the kernels, the pages' assets.
    """

    specs: tuple[BuildResult, ...]
    index: SharedResult | None
    folders: tuple[SharedResult, ...] = ()

    @property
    def shared(self) -> tuple[SharedResult, ...]:
        """The folders, then the index if there is one."""
        return self.folders if self.index is None else (*self.folders, self.index)

    @property
    def ok(self) -> bool:
        """Whether everything in the output folder that this build is about is as it should be."""
        return all(r.ok for r in self.specs) and all(found.outcome in _GOOD for found in self.shared)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Every finding, the specs' first."""
        found = [d for r in self.specs for d in r.diagnostics]
        return (*found, *(d for shared in self.shared for d in shared.diagnostics))
