"""The user's C++ compiler, as a program that turns sources into a shared library."""

from __future__ import annotations

import functools
import os
import platform
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CANDIDATES = ("c++", "g++", "clang++")
"""Names that are looked for where the environment variable `CXX` is not set."""

FLAGS = (
    "-std=c++17",
    "-O3",
    "-march=native",
    # Results have the same bits everywhere: fused multiply-adds are written, not found, and nothing is reordered.
    "-ffp-contract=off",
    # Neither is used here, and each would forbid vector instructions.
    "-fno-math-errno",
    "-fno-trapping-math",
    # Else half of a register of AVX-512 is left empty; other processors have no such choice.
    *(("-mprefer-vector-width=512",) if platform.machine() in ("x86_64", "AMD64") else ()),
    "-fPIC",
    "-shared",
)

_OF_GCC = (
    # It makes branches of selects, which no loop of vector instructions may have.
    "-fno-tree-pre",
    # What is left at the end of an array is not worth a loop of shorter vectors, which takes as long to compile.
    "--param=vect-epilogues-nomask=0",
)


class CompilationError(Exception):
    """The compiler could not be started, failed, or was not done in time; the text says what it printed."""


@dataclass(frozen=True, slots=True)
class Compiler:
    """A C++ compiler: the command that starts it, and what it says of itself."""

    command: tuple[str, ...]
    version: str

    @property
    def flags(self) -> tuple[str, ...]:
        """What it is told of every source."""
        return (*FLAGS, *(_OF_GCC if "Free Software Foundation" in self.version else ()))

    def build(
        self,
        source: Path,
        output: Path,
        include: Sequence[Path] = (),
        extra: Sequence[str] = (),
        timeout_s: float = 120,
    ) -> None:
        """Compile `source` into the shared library `output`.

        Raises:
            CompilationError: no library was made.
        """
        paths = [f"-I{path}" for path in include]
        command = [*self.command, *self.flags, *extra, *paths, str(source), "-o", str(output)]
        try:
            done = subprocess.run(  # noqa: S603 - the user's own compiler, no shell
                command, capture_output=True, text=True, timeout=timeout_s, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CompilationError(str(error)) from error
        if done.returncode != 0:
            raise CompilationError(f"{shlex.join(command)}\n{done.stderr.strip()}")


def find_compiler(environment: Mapping[str, str] = os.environ) -> Compiler | None:
    """The compiler that `CXX` names, which may have arguments, else the first of `CANDIDATES` that runs, else None."""
    named = environment.get("CXX")
    commands = [tuple(shlex.split(named))] if named else [(name,) for name in CANDIDATES]
    for command in commands:
        version = _version(command)
        if version is not None:
            return Compiler(command, version)
    return None


@functools.cache
def _version(command: tuple[str, ...]) -> str | None:
    if not command or shutil.which(command[0]) is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - likewise
            [*command, "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
