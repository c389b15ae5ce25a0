"""Fetches the JavaScript libraries that the pages use: `python -m actgen.docs.vendoring`, a developer's tool.

`assets/vendor/vendor.json` says which libraries, in which versions, under which licences, and which of their files.
npm fetches each package and checks it against the registry's own hash, which is then noted beside the version: a later
run refuses a package that differs. The files are copied as they are, but for one thing: fonts go into the style sheet
that names them, since some browsers refuse a font that a page opened from a folder asks for.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).parent / "assets" / "vendor"
_LIST = VENDOR / "vendor.json"
_SOURCES = re.compile(r"src:url\((?P<woff2>[\w./-]+\.woff2)\)[^;}]*")
_REST = re.compile(r"\n?//# sourceMappingURL=\S+\s*$")


def main() -> int:
    """Fetches every library of the list, and notes the hashes of those that had none."""
    libraries = json.loads(_LIST.read_text(encoding="utf-8"))
    for library in libraries:
        with tempfile.TemporaryDirectory() as folder:
            library["integrity"] = _fetch(library, Path(folder))
        print(f"{library['package']} {library['version']}")
    _LIST.write_text(json.dumps(libraries, indent=2) + "\n", encoding="utf-8")
    return 0


def _fetch(library: Mapping[str, Any], folder: Path) -> str:
    """Copies a library's files; returns the hash of its package."""
    wanted = f"{library['package']}@{library['version']}"
    command = ["npm", "pack", wanted, "--json", "--silent", "--pack-destination", str(folder)]
    packed = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603
    [described] = packed if isinstance(packed, list) else packed.values()
    if library.get("integrity", described["integrity"]) != described["integrity"]:
        sys.exit(f"{wanted} is not the package that {_LIST.name} notes")
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        contents = {m.name.partition("/")[2]: m for m in archive.getmembers() if m.isfile()}
        read = {name: _content(archive, member) for name, member in contents.items()}
    for source, name in library["files"].items():
        text = _REST.sub("\n", read[source].decode())
        (VENDOR / name).write_bytes(_with_fonts(text, source, read).encode())
    return described["integrity"]


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    assert file is not None
    return file.read()


def _with_fonts(text: str, source: str, files: Mapping[str, bytes]) -> str:
    """A style sheet with its fonts inside; other text as it is."""
    folder = source.rpartition("/")[0]

    def inside(found: re.Match[str]) -> str:
        font = base64.b64encode(files[f"{folder}/{found['woff2']}"]).decode()
        return f'src:url(data:font/woff2;base64,{font}) format("woff2")'

    return _SOURCES.sub(inside, text) if source.endswith(".css") else text


if __name__ == "__main__":
    sys.exit(main())
