"""`actgen new`: a spec to start from."""

from __future__ import annotations

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
    from actgen.emit.templates import render
    from actgen.spec.reader import read_text

    path = folder / f"{name}.yaml"
    text = render("new/spec.yaml.j2", {"name": name, "title": name.replace("_", " ").capitalize()})
    activation, diagnostics = read_text(text, path.as_posix())
    if activation is None or has_errors(diagnostics):
        return None, tuple(diagnostics)
    if activation.name != name:  # YAML took it for a name and a comment, or the like
        return None, (Diagnostic("ACT204", f"{name!r} is not a valid activation name"),)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return None, (Diagnostic("ACT821", f"{path.as_posix()} exists; it is not overwritten"),)
    return path, ()
