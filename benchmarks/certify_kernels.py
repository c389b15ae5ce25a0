"""Goes through all 2^32 inputs of float32 with the kernels in `generated/`: a part of `make certify`.

    python benchmarks/certify_kernels.py [--jobs N] [SPEC ...]

Each spec has a process of its own, as many at once as there are processors, and minutes each; standard error has a line
for each quarter. Interrupted, by ^C or SIGTERM, it ends at once, and the next run goes on where it was. What was found
is written to the activation's `certificate.json`. An activation of several inputs, or without a kernel, has nothing to
go through.
"""

from __future__ import annotations

import argparse
import multiprocessing
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path
from types import FrameType

from actgen.diagnostics import has_errors
from actgen.pipeline.certifying import Gone, certify
from actgen.verify.queueing import at_once

ROOT = Path(__file__).resolve().parents[1]
GENERATED = ROOT / "generated"
INTERRUPTED = 130


def results(specs: Sequence[Path], jobs: int) -> Iterator[tuple[Path, Future[Gone]]]:
    """What came of every spec, as it comes; if the caller ends early, so do the processes."""
    pool = ProcessPoolExecutor(jobs, initializer=_undisturbed)
    try:
        running = {pool.submit(_gone_through, spec): spec for spec in specs}
        for done in as_completed(running):
            yield running[done], done
    finally:
        for process in multiprocessing.active_children():
            process.terminate()  # what it has found up to the last chunk is kept
        pool.shutdown(cancel_futures=True)


def _undisturbed() -> None:
    """Only the first process is interrupted, and ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _gone_through(spec: Path) -> Gone:
    begun: list[int] = []

    def told(done: int, total: int) -> None:
        if not begun or done % max(1, total // 4) == 0:
            print(f"{spec.stem}: {done} of {total} parts", file=sys.stderr, flush=True)
        begun.append(done)

    return certify(spec, GENERATED, told)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _lines(spec: Path, done: Future[Gone]) -> tuple[bool, list[str]]:
    """Whether a spec failed, and what is said about it."""
    error = done.exception()
    if error is not None:
        return True, [f"FAILED  {spec.stem} kernel", f"  {type(error).__name__}: {error}"]
    gone = done.result()
    failed = has_errors(gone.diagnostics)
    word = "FAILED" if failed else "good" if gone.seconds else "NOT RUN"
    found = [f"  {d.severity.value}[{d.code}] {d.message}" for d in gone.diagnostics]
    return failed, [f"{word:<7} {spec.stem} kernel  {gone.seconds:.0f} s", *found]


def _all(specs: Sequence[Path], jobs: int) -> int:
    """Prints what is said about each, and gives the number of those that failed."""
    bad = 0
    for number, (spec, done) in enumerate(results(specs, jobs), start=1):
        failed, lines = _lines(spec, done)
        bad += failed
        print(f"[{number}/{len(specs)}]", "\n".join(lines), flush=True)
    return bad


def main() -> int:
    """Prints a line for each spec as it is done, and what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=at_once(), help="how many at once (default: %(default)s)")
    parser.add_argument("specs", nargs="*", type=Path, default=sorted((ROOT / "specs").glob("*.yaml")))
    options = parser.parse_args()
    missing = [str(spec) for spec in options.specs if not spec.is_file()]
    if missing:
        parser.error(f"no such spec: {', '.join(missing)}")
    signal.signal(signal.SIGTERM, _interrupt)
    start, count = time.monotonic(), len(options.specs)
    try:
        bad = _all(options.specs, options.jobs)
    except KeyboardInterrupt:
        print("interrupted: the next run goes on where this one was", file=sys.stderr)
        return INTERRUPTED
    print(f"{count - bad} of {count} good or not run, {(time.monotonic() - start) / 60:.0f} min")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
