"""The spec file that is edited: the only file that the designer itself writes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from actgen.spec.limits import MAX_BYTES
from actgen.whole_file import replace_text


class UnreadableError(Exception):
    """What is on disk is no text that could be edited; the message says why."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The file at one moment.

    Attributes:
        text: what it says; where there is none yet, what a new one would say.
        revision: the SHA-256 of its bytes in hexadecimal; None where there is no file.
    """

    text: str
    revision: str | None

    def facts(self) -> dict[str, Any]:
        """As JSON."""
        return {"text": self.text, "exists": self.revision is not None, "revision": self.revision}


class ConflictError(Exception):
    """The file on disk is not the one that was edited.

    Attributes:
        disk: what is there now.
    """

    def __init__(self, disk: Snapshot) -> None:
        self.disk = disk
        super().__init__("the file has changed on disk")


class Document:
    """A spec file, which need not exist yet.

    Args:
        path: as the user named it; symbolic links are followed once, here.
        start: the text of a file that does not exist.
    """

    def __init__(self, path: Path, start: str) -> None:
        self.shown = path.as_posix()
        self.path = path.resolve()
        self._start = start
        self._lock = Lock()

    def read(self) -> Snapshot:
        """What is on disk now.

        Raises:
            UnreadableError: it is not UTF-8, larger than a spec may be, or cannot be read.
        """
        content = self._content()
        if content is None:
            return Snapshot(self._start, None)
        try:
            return Snapshot(content.decode(), _revision(content))
        except UnicodeDecodeError as error:
            raise UnreadableError(f"{self.shown} is not UTF-8") from error

    def save(self, text: str, revision: str | None, *, overwrite: bool = False) -> Snapshot:
        """Puts the text in the place of the file, with the line ends that the file has.

        Args:
            text: a text that UTF-8 can write.
            revision: of the file that was edited.
            overwrite: replace the file even if it is another one by now.

        Returns:
            The file as it is now.

        Raises:
            ConflictError: the file is another one, and is not to be overwritten.
            UnreadableError: likewise, and what is there is no text.
            OSError: it cannot be written.
        """
        with self._lock:
            content = self._content()
            if not overwrite and (None if content is None else _revision(content)) != revision:
                raise ConflictError(self.read())
            written = _with_line_ends(text, content or b"")
            replace_text(self.path, written)
            return Snapshot(written, _revision(written.encode()))

    def _content(self) -> bytes | None:
        if self.path.exists() and not self.path.is_file():
            raise UnreadableError(f"{self.shown} is no file")
        try:
            with self.path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UnreadableError(f"{self.shown} cannot be read: {error.strerror}") from error
        if len(content) > MAX_BYTES:
            raise UnreadableError(f"{self.shown} is larger than a spec may be")
        return content


def _revision(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _with_line_ends(text: str, old: bytes) -> str:
    """A browser knows one kind of line end; a file that has CRLF everywhere keeps it."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    has_crlf = b"\r\n" in old and old.count(b"\n") == old.count(b"\r\n")
    return unix.replace("\n", "\r\n") if has_crlf else unix
