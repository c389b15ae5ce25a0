"""Goes through all 2^32 inputs of float32 with the kernels in `generated/`: a part of `make certify`.

    python benchmarks/certify_kernels.py [--jobs N] [SPEC ...]

Each spec has a process of its own, as many at once as there are processors, and minutes each. Interrupted, it goes on
where it was; what was found is written to the activation's `certificate.json`. An activation of several inputs, or
without a kernel, has nothing to go through.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from actgen.diagnostics import has_errors
from actgen.pipeline.certifying import Gone, certify
from actgen.verify.queueing import at_once

ROOT = Path(__file__).resolve().parents[1]
GENERATED = ROOT / "generated"


def results(specs: Sequence[Path], jobs: int) -> Iterator[tuple[Path, Gone]]:
    """What came of every spec, as it comes."""
    pool = ProcessPoolExecutor(jobs)
    try:
        running = {pool.submit(certify, spec, GENERATED): spec for spec in specs}
        for done in as_completed(running):
            yield running[done], done.result()
    finally:
        pool.shutdown(cancel_futures=True)


def main() -> int:
    """Prints a line for each spec as it is done, and what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=at_once(), help="how many at once (default: %(default)s)")
    parser.add_argument("specs", nargs="*", type=Path, default=sorted((ROOT / "specs").glob("*.yaml")))
    options = parser.parse_args()
    bad, start = 0, time.monotonic()
    for number, (spec, gone) in enumerate(results(options.specs, options.jobs), start=1):
        failed = has_errors(gone.diagnostics)
        bad += failed
        word = "FAILED" if failed else "good" if gone.seconds else "NOT RUN"
        print(f"[{number}/{len(options.specs)}] {word:<7} {spec.stem} kernel  {gone.seconds:.0f} s", flush=True)
        for diagnostic in gone.diagnostics:
            print(f"  {diagnostic.severity.value}[{diagnostic.code}] {diagnostic.message}", flush=True)
    print(
        f"{len(options.specs) - bad} of {len(options.specs)} good or not run, {(time.monotonic() - start) / 60:.0f} min"
    )
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
