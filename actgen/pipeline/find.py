"""Which spec files a person means by a file, a folder or a pattern."""

from __future__ import annotations

import difflib
import glob
from collections.abc import Iterable
from pathlib import Path

_FILES_ONLY = "a spec is read more than once, so write it to a file"
_SUFFIXES = (".yaml", ".yml")


class NoSpecError(Exception):
    """An argument names no spec; the message says which, and what may have been meant."""


def find_specs(arguments: Iterable[str]) -> tuple[Path, ...]:
    """The files that the arguments name, each once, a folder's and a pattern's in sorted order.

    Args:
        arguments: files as they are; folders for every `.yaml` and `.yml` below them; patterns with `*`, `?`, `**`.

    Raises:
        NoSpecError: if an argument names nothing.
    """
    found: dict[Path, Path] = {}
    for argument in arguments:
        for path in _expand(argument):
            found.setdefault(path.resolve(), path)
    return tuple(found.values())


def _expand(argument: str) -> list[Path]:
    path = Path(argument)
    if path.is_dir():
        return _some(argument, sorted(p for p in path.rglob("*") if p.suffix in _SUFFIXES and _is_visible(p, path)))
    if path.is_file():
        return [path]
    if path.exists() or argument == "-":
        raise NoSpecError(f"{argument} is a stream, not a file; {_FILES_ONLY}")
    if glob.has_magic(argument):
        matches = (Path(match) for match in glob.glob(argument, recursive=True))  # noqa: PTH207 - any base folder
        return _some(argument, sorted(p for p in matches if p.is_file()))
    raise NoSpecError(f"there is no {argument}{_suggestion(path)}")


def _some(argument: str, paths: list[Path]) -> list[Path]:
    if not paths:
        raise NoSpecError(f"there is no spec in {argument}")
    return paths


def _is_visible(path: Path, below: Path) -> bool:
    return path.is_file() and not any(part.startswith(".") for part in path.relative_to(below).parts)


def _suggestion(path: Path) -> str:
    names = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"; did you mean {path.parent / near[0]}?" if near else ""
