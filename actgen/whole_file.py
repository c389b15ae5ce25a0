"""Writes a file whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path


def replace_text(path: Path, text: str) -> None:
    """Puts a text in the place of a file; whatever happens, what stands there is the old file or the new one.

    The new file has the old one's permissions.

    Args:
        path: the file; its folder is there.
        text: written as UTF-8, line ends as they are.

    Raises:
        OSError: if it cannot be written.
    """
    new = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        new.write_bytes(text.encode())
        if path.exists():
            shutil.copymode(path, new)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
