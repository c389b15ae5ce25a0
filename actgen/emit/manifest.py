"""The manifest: which files of an activation's folder actgen wrote, and their hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

import actgen

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one build left in a folder.

    `files` maps plain file names (no folders) to SHA-256 in hex; the manifest itself is not among them.
    """

    version: str
    spec_file: str
    spec_sha256: str
    files: Mapping[str, str]

    def text(self) -> str:
        """The manifest as JSON, sorted, the same for the same build on every machine."""
        content = {
            "actgen": self.version,
            "spec": {"file": self.spec_file, "sha256": self.spec_sha256},
            "files": dict(sorted(self.files.items())),
        }
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def manifest(spec_file: str, spec_sha256: str, files: Mapping[str, str]) -> Manifest:
    """The manifest of these texts, written by this version of actgen."""
    for name in files:
        assert _is_plain(name), f"{name!r} is not a plain file name"
    hashes = {name: sha256(text.encode()) for name, text in files.items()}
    return Manifest(actgen.__version__, spec_file, spec_sha256, hashes)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest in a folder; None where there is none, or none that actgen could have written."""
    try:
        return _parse(json.loads((folder / MANIFEST).read_bytes()))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _parse(content: Mapping[str, object]) -> Manifest:
    files, spec = content["files"], content["spec"]
    if not (isinstance(files, dict) and isinstance(spec, dict)):
        raise TypeError("not a manifest")
    if not all(isinstance(n, str) and _is_plain(n) and isinstance(h, str) for n, h in files.items()):
        raise ValueError("not a manifest of plain file names")
    return Manifest(str(content["actgen"]), str(spec["file"]), str(spec["sha256"]), files)


def _is_plain(name: str) -> bool:
    return name not in ("", ".", "..", MANIFEST) and PurePath(name).name == name and "\\" not in name
