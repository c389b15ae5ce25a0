"""Puts a finished build in place: file by file, only what changed, the manifest last."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from actgen.emit.compare import left_over
from actgen.emit.manifest import MANIFEST, Manifest


@dataclass(frozen=True, slots=True)
class Installed:
    """The names that were written and removed, sorted."""

    written: tuple[str, ...]
    removed: tuple[str, ...]


def write_staged(stage: Path, files: Mapping[str, str]) -> None:
    """Writes the texts into a new folder as UTF-8, line ends as they are."""
    stage.mkdir(parents=True)
    for name, text in files.items():
        (stage / name).parent.mkdir(parents=True, exist_ok=True)
        (stage / name).write_bytes(text.encode())


def install(stage: Path, folder: Path, files: Mapping[str, str], manifest: Manifest) -> Installed:
    """Moves the staged files into the folder. The caller holds the lock.

    Only files that the folder's own manifest lists are removed. An interrupt that arrives meanwhile waits until
    the folder is whole.

    Args:
        stage: a folder on the same filesystem that holds `files`; changed files are moved out of it.
        folder: the activation's folder; made if it is missing.
        files: name to text, the manifest not included.
        manifest: describes `files`.

    Raises:
        OSError: if a file cannot be replaced.
    """
    (stage / MANIFEST).write_bytes(manifest.text().encode())
    with _interrupts_wait():
        folder.mkdir(parents=True, exist_ok=True)
        gone = left_over(folder, manifest.names)
        written = [name for name in sorted(files) if _replace(stage / name, folder / name)]
        for name in gone:
            (folder / name).unlink()
        if _replace(stage / MANIFEST, folder / MANIFEST):
            written.append(MANIFEST)
    return Installed(tuple(sorted(written)), gone)


def _replace(new: Path, old: Path) -> bool:
    if old.is_file() and not old.is_symlink() and old.read_bytes() == new.read_bytes():
        return False
    old.parent.mkdir(parents=True, exist_ok=True)
    new.replace(old)
    return True


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Holds SIGINT and SIGTERM back; only the main thread receives them, elsewhere there is nothing to hold."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    arrived: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        arrived.append(number)

    held = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in held.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        for number in arrived:
            signal.raise_signal(number)
