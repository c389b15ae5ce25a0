"""Where compiled libraries, and what was searched for, are kept: in a folder of the user's own.

Each file is named after all that it was made of.

A library is renamed into its place, so another process sees all of it or nothing; its name holds the
hash of its bytes, so a damaged one is noticed and made again. Where the folder cannot be used, a temporary file is.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

Build = Callable[[Path], None]
"""Writes a library at the path."""

Used = TypeVar("Used")


@dataclass(frozen=True, slots=True)
class Cache:
    """Compiled libraries, and texts, in a folder."""

    folder: Path

    def library(self, key: str, build: Build, use: Callable[[Path], Used], suffix: str = ".so") -> Used:
        """What `use` makes of the library of this key, which `build` makes if it is not there.

        Its file's name ends in `suffix`.

        Raises:
            OSError: nothing can be written among temporary files.
            Exception: what `build` and `use` raise.
        """
        if not self._usable():
            return self._made(key, build, use, suffix, keep=False)
        if (found := self._found(key, suffix)) is not None:
            return use(found)
        with _locked(self.folder / f"{key}.lock"):
            if (found := self._found(key, suffix)) is not None:
                return use(found)
            return self._made(key, build, use, suffix, keep=True)

    def text(self, key: str, make: Callable[[], str]) -> str:
        """The text of this key, which `make` makes if it is not there; nothing fails where it cannot be kept."""
        place = self.folder / f"{key}.txt"
        usable = self._usable()
        if usable:
            with contextlib.suppress(OSError, UnicodeError):
                digest, _, found = place.read_text(encoding="utf-8").partition("\n")
                if digest == key_of(key, found):
                    return found
        made = make()
        if usable:
            beside = self.folder / f".{key}-{os.getpid()}"
            with contextlib.suppress(OSError):
                beside.write_text(f"{key_of(key, made)}\n{made}", encoding="utf-8")
                beside.replace(place)
        return made

    def _found(self, key: str, suffix: str) -> Path | None:
        try:
            there = sorted(self.folder.glob(f"{key}-*{suffix}"))
            return next((p for p in there if p.stem == f"{key}-{_hash(p)}"), None)
        except OSError:
            return None

    def _made(self, key: str, build: Build, use: Callable[[Path], Used], suffix: str, *, keep: bool) -> Used:
        with tempfile.TemporaryDirectory(prefix="actgen-") as folder:
            made = Path(folder) / f"{key}{suffix}"
            build(made)
            return use((self._keep(key, made) if keep else None) or made)

    def _keep(self, key: str, made: Path) -> Path | None:
        """The library's place here, or None if it cannot be put there: the disk is full, or may not be written to."""
        place = self.folder / f"{key}-{_hash(made)}{made.suffix}"
        beside = self.folder / f".{key}-{os.getpid()}"
        try:
            shutil.copyfile(made, beside)
            beside.replace(place)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            return None
        return place

    def _usable(self) -> bool:
        """Whether the folder is there, or can be made, and nobody else may write to it."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = self.folder.stat()
        except OSError:
            return False
        if not hasattr(os, "getuid"):
            return True
        return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def user_cache(environment: Mapping[str, str] = os.environ) -> Cache:
    """The cache in `ACTGEN_CACHE`, else in `actgen` below `XDG_CACHE_HOME` or `~/.cache`."""
    if named := environment.get("ACTGEN_CACHE"):
        return Cache(Path(named))
    base = environment.get("XDG_CACHE_HOME")
    try:
        return Cache((Path(base) if base else Path.home() / ".cache") / "actgen")
    except RuntimeError:  # no home
        return Cache(Path(tempfile.gettempdir()) / f"actgen-{os.getpid()}")


def key_of(*parts: str) -> str:
    """One name for all the texts that a library is made of."""
    together = hashlib.sha256()
    for part in parts:
        data = part.encode()
        together.update(f"{len(data)}:".encode())
        together.update(data)
    return together.hexdigest()[:32]


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:32]


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Alone among processes, where the file system can do that; without it several make the same library."""
    if fcntl is None:
        yield
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError:
        yield
        return
    with file:
        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
