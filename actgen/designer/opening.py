"""Which file a designer edits: chosen when it starts, and never again."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from actgen.designer.document import Document, UnreadableError
from actgen.designer.starts import NAME
from actgen.pipeline.new import new_text
from actgen.spec.reader import read_text


def opened(spec: Path | None) -> Document:
    """The spec to edit.

    Args:
        spec: a file that need not exist; None for a new one, in `specs/` if there is such a folder, else here.

    Raises:
        FileNotFoundError: if the file's folder does not exist.
        UnreadableError: if there is no text in the file, or it is a link that leads nowhere.
    """
    path = _new() if spec is None else spec
    if path.is_symlink() and not path.exists():
        raise UnreadableError(f"{path.as_posix()} is a link that leads to no file")
    if not path.parent.is_dir():
        raise FileNotFoundError(2, "there is no such folder", str(path.parent))
    document = Document(path, _start(path))
    document.read()
    return document


def _new() -> Path:
    folder = Path("specs") if Path("specs").is_dir() else Path()
    names = (NAME if number == 1 else f"{NAME}_{number}" for number in count(1))
    return next(path for name in names if not (path := folder / f"{name}.yaml").exists())


def _start(path: Path) -> str:
    """The text of a new spec, named after its file where that is a name."""
    text = new_text(path.stem, path.parent)
    activation, _ = read_text(text, path.name)
    return text if activation is not None and activation.name == path.stem else new_text(NAME, path.parent)
