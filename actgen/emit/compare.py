"""Whether a folder holds what a build would write, by text and hash alone."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from actgen.emit.manifest import MANIFEST, Manifest, read_manifest, sha256


class Staleness(Enum):
    """How a file differs from what a build would write."""

    MISSING = "missing"
    CHANGED = "changed"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class Stale:
    """One file that is not what it should be."""

    name: str
    kind: Staleness


def stale_files(folder: Path, files: Mapping[str, str], manifest: Manifest) -> tuple[Stale, ...]:
    """What a build of these texts would change in the folder, by name.

    Extra are the files that an earlier build wrote and this one would not; what actgen never wrote is the user's.
    """
    found = {name: _state(folder / name, text) for name, text in {**files, MANIFEST: manifest.text()}.items()}
    stale = [Stale(name, kind) for name, kind in found.items() if kind]
    stale += [Stale(name, Staleness.MISSING) for name in manifest.measured if not (folder / name).is_file()]
    stale += [Stale(name, Staleness.EXTRA) for name in left_over(folder, manifest.names)]
    return tuple(sorted(stale, key=lambda s: s.name))


def left_over(folder: Path, names: Collection[str]) -> tuple[str, ...]:
    """Files that the folder's manifest lists, that still exist, and that are not among `names`."""
    old = read_manifest(folder)
    return tuple(sorted(n for n in old.names if n not in names and (folder / n).is_file())) if old else ()


def intact(folder: Path, manifest: Manifest) -> bool:
    """Whether every file of the manifest lies in the folder, byte for byte but for what was measured."""
    there = all((folder / name).is_file() for name in manifest.measured)
    return there and all(_hash(folder / name) == expected for name, expected in manifest.files.items())


def unified_diff(folder: Path, files: Mapping[str, str], manifest: Manifest) -> str:
    """What a build would change, as a unified diff from the folder's files to the new texts."""
    after: dict[str, str] = {**files, MANIFEST: manifest.text()}
    after.update(dict.fromkeys(left_over(folder, manifest.names), ""))
    parts: list[str] = []
    for name in sorted(after):
        path = folder / name
        before = _text(path)
        source = path.as_posix() if path.is_file() else "/dev/null"
        target = path.as_posix() if name in files or name == MANIFEST else "/dev/null"
        parts += _diff(before, after[name], source, target)
    return "".join(parts)


def _diff(before: str, after: str, source: str, target: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), source, target)
    return [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines]


def _state(path: Path, text: str) -> Staleness | None:
    if not path.is_file():
        return Staleness.MISSING
    return None if path.read_bytes() == text.encode() else Staleness.CHANGED


def _hash(path: Path) -> str | None:
    try:
        return sha256(path.read_bytes())
    except OSError:
        return None


def _text(path: Path) -> str:
    return path.read_bytes().decode(errors="replace") if path.is_file() else ""
