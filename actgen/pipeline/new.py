"""`actgen new`: a spec to start from."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from actgen.diagnostics import Diagnostic, has_errors


def new_spec(name: str, folder: Path) -> tuple[Path | None, tuple[Diagnostic, ...]]:
    """Writes a commented spec that builds, unless its file is there already.

    Args:
        name: the activation's name; the file is `name.yaml`.
        folder: where to; made if it is missing.

    Returns:
        The file (None if it was not written), and what is wrong with the name.
    """
    from actgen.spec.reader import read_text

    path = folder / f"{name}.yaml"
    text = new_text(name, folder)
    activation, diagnostics = read_text(text, path.as_posix())
    if activation is None or has_errors(diagnostics):
        return None, tuple(replace(d, span=None) for d in diagnostics)  # there is no file to point at
    if activation.name != name:  # YAML took it for a name and a comment, or the like
        return None, (Diagnostic("ACT204", f"{name!r} is not a valid activation name"),)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return None, (Diagnostic("ACT821", f"{path.as_posix()} exists; it is not overwritten"),)
    return path, ()


def new_text(name: str, folder: Path) -> str:
    """What a new spec says, for a file of its name in a folder; whether that is a name is not looked at."""
    from actgen.emit.templates import render
    from actgen.resources import schema_file

    title = name.replace("_", " ").capitalize()
    return render("new/spec.yaml.j2", {"name": name, "title": title, "schema": _relative(schema_file(), folder)})


def _relative(path: Path, folder: Path) -> str:
    """The path from a folder; the whole path where there is none, as between two drives."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return path.as_posix()
