"""Where the files that ship with actgen are, from a wheel or from a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent
_SOURCES = frozenset({".py", ".json", ".h", ".cuh", ".js", ".css", ".txt"})


@cache
def templates_folder() -> Path:
    """The folder of Jinja templates: inside the package in a wheel, beside it in a checkout.

    Raises:
        FileNotFoundError: if the installation has lost its templates.
    """
    for folder in (_PACKAGE / "_templates", _PACKAGE.parent / "templates"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError("actgen's templates are missing; reinstall the package")


def schema_file() -> Path:
    """The JSON Schema of spec format 1."""
    return _PACKAGE / "spec" / "schema-v1.json"


def designer_page() -> Path:
    """The folder of what the live designer shows: `index.html`, and the assets beside it."""
    return _PACKAGE / "designer" / "page"


@cache
def runtime_files() -> dict[str, str]:
    """The package that compiles and calls kernels: path within it to text, sorted."""
    folder = _PACKAGE / "native" / "runtime"
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".h", ".cuh"))
    return {path.relative_to(folder).as_posix(): path.read_bytes().decode() for path in paths}


@cache
def extension_files() -> dict[str, str]:
    """The C++ headers that CUDA extensions share: name to text, sorted."""
    paths = sorted((_PACKAGE / "native" / "extension").glob("*.h"))
    return {path.name: path.read_bytes().decode() for path in paths}


@cache
def javascript_files() -> dict[str, str]:
    """The functions that JavaScript's `Math` lacks: file name to text, sorted."""
    paths = sorted((_PACKAGE / "backends" / "javascript_math").glob("*.js"))
    return {path.name: path.read_bytes().decode() for path in paths}


def source_files() -> tuple[Path, ...]:
    """Every file that shapes actgen's output: its modules, its data and its templates, in a stable order."""
    package = (p for p in _PACKAGE.rglob("*") if p.suffix in _SOURCES and "_templates" not in p.parts)
    templates = (p for p in templates_folder().rglob("*") if p.is_file())
    return (*sorted(package), *sorted(templates))
