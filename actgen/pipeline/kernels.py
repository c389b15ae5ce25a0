"""Compiles kernels ahead, into the cache that generated files look into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from actgen.backends.base import KERNEL_HEADER
from actgen.emit.manifest import read_manifest
from actgen.native.runtime.cache import user_cache
from actgen.native.runtime.compiler import CompilationError, Compiler, find_compiler
from actgen.native.runtime.library import STORAGES, Format, Source, load
from actgen.native.runtime.settings import Precision


class NoCompilerError(Exception):
    """There is no C++ compiler."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What became of one activation's kernels: how many there are now, and what went wrong, if anything did."""

    name: str
    kernels: int
    error: str | None = None


def compile_ahead(
    out: Path, names: Sequence[str] = (), formats: Sequence[Format] = STORAGES, precision: Precision = "fast"
) -> Iterator[Ahead]:
    """Compiles the kernels of activations in an output folder, one activation after the other.

    Args:
        out: the output folder of builds.
        names: of activations; without any, all that have a kernel.
        formats: of arrays.
        precision: what float32 is computed in.

    Raises:
        NoCompilerError: there is no compiler.
        FileNotFoundError: an activation that was named has no kernel.
    """
    compiler = find_compiler()
    if compiler is None:
        raise NoCompilerError
    headers = [_named(out, name) for name in names] or sorted(h for h in out.glob(f"*/*{KERNEL_HEADER}") if _is_ours(h))
    for header in headers:
        yield _compiled(header, compiler, formats, wide=precision == "exact")


def _named(out: Path, name: str) -> Path:
    header = out / name / f"{name}{KERNEL_HEADER}"
    if not header.is_file():
        raise FileNotFoundError(2, "no kernel is there; `actgen build` writes it", str(header))
    return header


def _is_ours(header: Path) -> bool:
    manifest = read_manifest(header.parent)
    return manifest is not None and header.name in manifest.files


def _compiled(header: Path, compiler: Compiler, formats: Sequence[Format], *, wide: bool) -> Ahead:
    name, text = header.parent.name, header.read_text(encoding="utf-8")
    sources = [Source(text, name, storage, wide, short) for storage in formats for short in (False, True)]
    try:
        for source in sources:
            load(source, compiler, user_cache())
    except CompilationError as error:
        return Ahead(name, 0, str(error))
    return Ahead(name, len(sources))
