"""How the user called actgen, for commands that are printed to be typed next."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


def invocation() -> str:
    """What stands before the subcommand: `actgen`, `.venv/bin/actgen` or `python -m actgen`, as it was called."""
    program = Path(sys.argv[0])
    if program.parts[-2:] == ("actgen", "__main__.py"):
        return f"{sys.orig_argv[0]} -m actgen"
    found = shutil.which("actgen")
    if program.stem != "actgen" or (found is not None and Path(found).resolve() == program.resolve()):
        return "actgen"
    return sys.argv[0]
