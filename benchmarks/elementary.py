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

from elementary_functions import (  # noqa: E402
    EXACT,
    HALF,
    HEADERS,
    ROWS,
    Measured,
    built,
    restated,
    restated_rows,
    row,
    stated,
    worst_against_exact,
)

from actgen.native.runtime.compiler import find_compiler  # noqa: E402

DOUBLES = 200_000


def measured(name: str, folder: Path) -> Measured:
    """What a function is wrong by, in float and in double."""
    compiler = find_compiler()
    assert compiler is not None
    library = built(compiler, folder)
    halves = [library.worst(name, first, HALF) for first in range(0, 1 << 32, HALF)]
    return Measured(max(halves), worst_against_exact(library, name, np.float64, DOUBLES), row([e for e, _ in halves]))


def _in_own_folder(name: str) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        return measured(name, Path(folder))


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1)
@click.option("--write", is_flag=True, help="State the figures in the headers.")
@click.option("--jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Processes at once.")
def main(names: tuple[str, ...], write: bool, jobs: int) -> None:
    """Measure the functions NAMES of the math header; all of them if none is named."""
    chosen = list(names or EXACT)
    figures, rows = stated(), {}
    with ProcessPoolExecutor(jobs) as pool:
        for name, found in zip(chosen, pool.map(_in_own_folder, chosen), strict=True):
            (single, at_single), (double, at_double) = found.single, found.double
            click.echo(f"{name:<11} float {single:.3f} at {at_single!r}, double {double:.3f} at {at_double!r}")
            figures[name], rows[name] = (single, double), found.row
    if write:
        for path in HEADERS.glob("*.h"):
            path.write_text(restated(path.read_text(encoding="utf-8"), figures), encoding="utf-8")
        ROWS.write_text(restated_rows(ROWS.read_text(encoding="utf-8"), rows), encoding="utf-8")


if __name__ == "__main__":
    main()
