r"""The user's pdfLaTeX, as a program that makes a PDF of a source that nobody need trust.

It runs in a folder of its own that is gone afterwards. It can start no program, and it can neither read nor write
files outside that folder and those of its installation.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

PROGRAM = "pdflatex"
_OPTIONS = ("-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "-file-line-error")
_SETTINGS = {
    **{"openin_any": "p", "openout_any": "p", "shell_escape": "f", "max_print_line": "1000"},
    **{"SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1", "LC_ALL": "C"},
}
_KEPT = ("PATH", "HOME", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "LOCALAPPDATA", "APPDATA", "USERPROFILE")
_RUNS = 2
_SECONDS = 120
_LINES = 6


class LatexError(Exception):
    """LaTeX failed, or was not done in time; the text is what its log says about that."""


def find_pdflatex() -> str | None:
    """The path of pdfLaTeX, if it is installed."""
    return shutil.which(PROGRAM)


def typeset(program: str, source: str, files: Mapping[str, bytes]) -> bytes:
    """The PDF of a source, which LaTeX reads twice so that its page numbers are right.

    Args:
        program: pdfLaTeX.
        source: the whole document.
        files: what it includes: file name to content.

    Raises:
        LatexError: no PDF was made.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in {**files, "document.tex": source.encode()}.items():
            (folder / file).write_bytes(content)
        for _ in range(_RUNS):
            _run(program, folder)
        return (folder / "document.pdf").read_bytes()


def _run(program: str, folder: Path) -> None:
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ} | _SETTINGS
    try:
        done = subprocess.run(  # noqa: S603 - the user's own LaTeX, no shell
            [program, *_OPTIONS, "document.tex"],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LatexError(str(error)) from error
    if done.returncode != 0 or not (folder / "document.pdf").is_file():
        raise LatexError(relevant(done.stdout.decode(errors="replace")) or f"exit status {done.returncode}")


def relevant(log: str) -> str:
    """The lines of a log that say what went wrong: from the first error on, a few."""
    lines = [line.rstrip() for line in log.splitlines()]
    for number, line in enumerate(lines):
        if line.startswith("!") or re.match(r"\S*\.\w+:\d+: ", line):
            return "\n".join(kept for kept in lines[number : number + _LINES] if kept)
    return "\n".join(lines[-_LINES:])
