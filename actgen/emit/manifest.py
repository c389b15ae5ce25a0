"""The manifest: which files of a folder actgen wrote, their hashes, and what they came from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

import actgen

MANIFEST = "manifest.json"
_USUAL = "float64"


@dataclass(frozen=True, slots=True)
class SpecVersion:
    """The spec that a folder was built from: its base name, and the SHA-256 of its bytes in hex."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one build left in a folder.

    Attributes:
        version: of the actgen that wrote it.
        files: paths within the folder, with slashes, to SHA-256 in hex; the manifest itself is not among them.
        spec: where an activation's folder came from; None for a folder that holds activations.
        composite: what the files compute float32 in.
        entry: how an index shows the folder; JSON that only the index reads.
        measured: files that a machine makes by itself, of what it measured or with a program of its own: they must be
            there, but may differ from machine to machine.
    """

    version: str
    files: Mapping[str, str]
    spec: SpecVersion | None = None
    entry: Mapping[str, object] = field(default_factory=dict)
    composite: str = _USUAL
    measured: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every file that actgen wrote."""
        return frozenset((*self.files, *self.measured))

    def text(self) -> str:
        """The manifest as JSON, sorted, the same for the same build on every machine."""
        content: dict[str, object] = {"actgen": self.version}
        if self.spec is not None:
            content["spec"] = {"file": self.spec.file, "sha256": self.spec.sha256}
        if self.composite != _USUAL:
            content["composite"] = self.composite
        if self.entry:
            content["entry"] = dict(sorted(self.entry.items()))
        if self.measured:
            content["measured"] = sorted(self.measured)
        content["files"] = dict(sorted(self.files.items()))
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def manifest(
    files: Mapping[str, str],
    spec: SpecVersion | None = None,
    entry: Mapping[str, object] | None = None,
    composite: str = _USUAL,
    measured: tuple[str, ...] = (),
) -> Manifest:
    """The manifest of these texts, written by this version of actgen."""
    for name in (*files, *measured):
        assert _is_inside(name), f"{name!r} is not a path within a folder"
    hashes = {name: sha256(text.encode()) for name, text in files.items()}
    return Manifest(actgen.__version__, hashes, spec, entry or {}, composite, measured)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest in a folder; None where there is none, or none that actgen could have written."""
    try:
        return _parse(json.loads((folder / MANIFEST).read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _parse(content: Mapping[str, object]) -> Manifest:
    files, spec, entry = content["files"], content.get("spec"), content.get("entry", {})
    measured = content.get("measured", [])
    if not (isinstance(measured, list) and all(isinstance(n, str) and _is_inside(n) for n in measured)):
        raise TypeError("not a manifest")
    if not (isinstance(files, dict) and isinstance(entry, dict) and isinstance(spec, dict | None)):
        raise TypeError("not a manifest")
    if not all(isinstance(n, str) and _is_inside(n) and isinstance(h, str) for n, h in files.items()):
        raise ValueError("not a manifest of paths within a folder")
    came_from = None if spec is None else SpecVersion(str(spec["file"]), str(spec["sha256"]))
    composite = str(content.get("composite", _USUAL))
    return Manifest(str(content["actgen"]), files, came_from, entry, composite, tuple(measured))


def _is_inside(name: str) -> bool:
    """Whether it names a file of the folder or of one within it, and can name nothing else."""
    parts = name.split("/")
    return (
        name != MANIFEST and "\\" not in name and all(p not in ("", ".", "..") and PurePath(p).name == p for p in parts)
    )
