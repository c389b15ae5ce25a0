"""Runs the timing process and reads what it prints."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import actgen

_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "30000000000"}
"""Else large tensors measure page faults."""

_EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(Error|Warning|Exception|Interrupt)\b")


class BenchError(Exception):
    """The timing process failed; the text says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timing process: about the machine, a row, or a remark."""

    content: Mapping[str, Any]

    @property
    def is_row(self) -> bool:
        """Whether it is a candidate's times."""
        return "candidate" in self.content


def lines(
    request: Mapping[str, Any], package: Path, module: str = "actgen.bench.run_torch", also: Sequence[Path] = ()
) -> Iterator[Line]:
    """What the process says, as it says it.

    Args:
        request: what `request_for` made, or what else the module takes.
        package: the folder in which the kernels' package lies.
        module: what runs in the process, with the file of the request.
        also: folders in which it looks for modules.

    Raises:
        BenchError: it failed.
    """
    source = str(Path(actgen.__file__).parents[1])
    folders = (source, *(str(path.resolve()) for path in (package, *also)), os.environ.get("PYTHONPATH"))
    with tempfile.TemporaryDirectory(prefix="actgen-") as folder:
        path = Path(folder) / "request.json"
        path.write_text(json.dumps(request), encoding="utf-8")
        with (Path(folder) / "stderr").open("w+") as errors:
            command = [sys.executable, "-m", module, str(path)]
            environment = {**os.environ, **_MEMORY, "PYTHONPATH": os.pathsep.join(filter(None, folders))}
            with subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
                command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment
            ) as process:
                assert process.stdout is not None
                for text in process.stdout:
                    yield Line(json.loads(text))
            if process.returncode:
                errors.seek(0)
                raise BenchError(reason(errors.read(), process.returncode))


def reason(errors: str, status: int) -> str:
    """Why a process ended, in a line: the last exception in what it wrote, else its last line, else its status."""
    if status < 0:
        return f"signal {-status} ended it"
    lines = [line for line in errors.splitlines() if line.strip()]
    exceptions = [line for line in lines if _EXCEPTION.match(line)]
    return (exceptions or lines or [f"it ended with status {status}"])[-1]
