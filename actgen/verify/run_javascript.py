"""Measures a generated script in Node; see `runner`."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from actgen.verify.patterns import to_format
from actgen.verify.programs import find_program, program_versions
from actgen.verify.runner import run
from actgen.verify.subject import Measure, Subject

_ERROR = re.compile(r"(Uncaught )?\w*Error\b")
_DRIVER = Path(__file__).with_name("node_driver.js")


class Script:
    """A script in a process of Node's, which ends where it is closed, or with this process.

    Raises:
        RuntimeError: if there is no Node.
    """

    def __init__(self, path: Path) -> None:
        node = find_program("node")
        if node is None:
            raise RuntimeError("there is no Node")
        self._process = subprocess.Popen(  # noqa: S603 - found by name, given our own files
            [node, str(_DRIVER), str(path), path.stem],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def __enter__(self) -> Script:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def results(self, *, partials: bool, table: np.ndarray) -> np.ndarray:
        """What the functions give at the columns of a table: (results, points).

        Raises:
            RuntimeError: if the script fails, with what it said.
        """
        incoming = self._process.stdin
        assert incoming is not None
        try:
            incoming.write(np.array([partials, *table.shape], dtype=np.float64).tobytes())
            incoming.write(np.ascontiguousarray(table, dtype=np.float64).tobytes())
            incoming.flush()
        except OSError:  # it has ended
            raise self._failure() from None
        rows, points = int(self._numbers(1)[0]), table.shape[1]
        return self._numbers(rows * points).reshape(rows, points)

    def _numbers(self, count: int) -> np.ndarray:
        outgoing = self._process.stdout
        assert outgoing is not None
        found = outgoing.read(8 * count)
        if len(found) < 8 * count:
            raise self._failure()
        return np.frombuffer(found)

    def _failure(self) -> RuntimeError:
        """What Node complained of: the error's own line of what it prints."""
        assert self._process.stderr is not None
        lines = self._process.stderr.read().decode(errors="replace").split("\n")
        said = next((line for line in lines if _ERROR.match(line)), lines[0])
        return RuntimeError(said.strip() or f"Node ended with status {self._process.wait()}")


class Javascript:
    """JavaScript in Node: float64 inside, rounded once to the format."""

    def __init__(self) -> None:
        self.modes: Mapping[str, Measure] = {"function": _function, "partials": _partials}

    def load(self, path: Path) -> Script:
        """A process that has run the script."""
        return Script(path)

    def place(self, device: str) -> None:
        """Fails for anything but the CPU."""
        if device != "cpu":
            raise RuntimeError("JavaScript computes on the CPU")

    def versions(self) -> dict[str, str]:
        """Node's version."""
        return {"javascript": f"node {program_versions()['node'].removeprefix('v')}"}

    def gradients_agree(self, subject: Subject, table: np.ndarray, thorough: bool) -> dict[str, str]:
        """None: there is no automatic differentiation to ask."""
        return {}


def _function(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    return to_format(subject.module.results(partials=False, table=to_format(table, dtype)), dtype)


def _partials(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    variables, points = table.shape
    found = subject.module.results(partials=True, table=to_format(table, dtype))
    return to_format(found, dtype).reshape(-1, variables, points)


if __name__ == "__main__":
    sys.exit(run(Javascript()))
