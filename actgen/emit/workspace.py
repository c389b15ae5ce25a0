"""The hidden folder `.actgen` beside the output: locks, half-made builds and records, never committed."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock

_DAY = 24 * 3600


class Workspace:
    """actgen's own corner of an output folder.

    Attributes:
        out: the output folder that holds one folder per activation.
        folder: `out/.actgen`, on the same filesystem, so that a finished file can be renamed into place.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self.folder = out / ".actgen"

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """An empty folder that is gone afterwards, whatever happens; what crashed builds left goes too.

        Leaves no trace of a build that installed nothing.
        """
        new = not self.out.exists()
        try:
            with self._new_stage() as stage:
                self._sweep()
                yield Path(stage)
        finally:
            with suppress(OSError):  # not empty: records stand here, or another build is at work
                self.folder.rmdir()
                if new:
                    self.out.rmdir()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keeps other builds from replacing files at the same time; waits for them.

        Raises:
            filelock.Timeout: if another process holds the lock for ten minutes.
        """
        self._prepare()
        with FileLock(self.folder / "lock", timeout=600):
            yield

    def area(self, name: str) -> Path:
        """A folder for records of one kind; it is there."""
        self._prepare()
        found = self.folder / name
        found.mkdir(exist_ok=True)
        return found

    def _prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        ignore = self.folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")

    def _new_stage(self) -> tempfile.TemporaryDirectory[str]:
        for _ in range(10):
            with suppress(FileNotFoundError):  # another build, failing just now, tidied the empty folder away
                self.folder.mkdir(parents=True, exist_ok=True)
                return tempfile.TemporaryDirectory(prefix="stage-", dir=self.folder, ignore_cleanup_errors=True)
        raise FileNotFoundError(f"{self.folder} keeps vanishing")

    def _sweep(self) -> None:
        for stage in self.folder.glob("stage-*"):
            with suppress(OSError):
                if time.time() - stage.stat().st_mtime > _DAY:
                    shutil.rmtree(stage, ignore_errors=True)
