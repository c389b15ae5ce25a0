"""Measure the math header at all 2^32 floats, and at a sample of doubles; with `--write`, state it in the headers.

python benchmarks/elementary.py [--write] [NAME ...]
"""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import click
import numpy as np

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from elementary_functions import EXACT, HEADERS, built, restated, stated, worst_against_exact  # noqa: E402

from actgen.native.runtime.compiler import find_compiler  # noqa: E402

DOUBLES = 200_000
CHUNK = 1 << 24


def measured(name: str, folder: Path) -> tuple[float, float, float, float]:
    """The worst error of a function in float and where, and in double and where."""
    compiler = find_compiler()
    assert compiler is not None
    library = built(compiler, folder)
    single = max(library.worst(name, first, CHUNK) for first in range(0, 1 << 32, CHUNK))
    return *single, *worst_against_exact(library, name, np.float64, DOUBLES)


def _in_own_folder(name: str) -> tuple[float, float, float, float]:
    with tempfile.TemporaryDirectory() as folder:
        return measured(name, Path(folder))


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1)
@click.option("--write", is_flag=True, help="State the figures in the headers.")
@click.option("--jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Processes at once.")
def main(names: tuple[str, ...], write: bool, jobs: int) -> None:
    """Measure the functions NAMES of the math header; all of them if none is named."""
    chosen = list(names or EXACT)
    figures = stated()
    with ProcessPoolExecutor(jobs) as pool:
        for name, (single, at_single, double, at_double) in zip(chosen, pool.map(_in_own_folder, chosen), strict=True):
            click.echo(f"{name:<11} float {single:.3f} at {at_single!r}, double {double:.3f} at {at_double!r}")
            figures[name] = (single, double)
    if write:
        for path in HEADERS.glob("*.h"):
            path.write_text(restated(path.read_text(encoding="utf-8"), figures), encoding="utf-8")


if __name__ == "__main__":
    main()
