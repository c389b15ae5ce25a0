"""Holds `generated/` against the exact mathematics in every mode: `make certify`. It takes an hour and more.

    python benchmarks/certify.py [--fresh] [--exhaustive] [--jobs N] [SPEC ...]

Each spec in each framework is verified in a process of its own, as many at once as there are processors, and what was
found is kept in `generated/.actgen/certified/`. Interrupted, it goes on where it was: what was found good is not run
again while the spec, its files, actgen and the frameworks are the same. A line for each says how it went and how long
it took.

With --exhaustive (`make certify EXHAUSTIVE=1`), all 2^32 inputs of float32 are compared as well, in PyTorch, for each
activation of one input. That takes half an hour a spec; an interruption costs no more than the last few seconds.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path

from actgen.pipeline.freshness import fingerprint, framework_versions
from actgen.verify.queueing import at_once
from actgen.whole_file import replace_text

ROOT = Path(__file__).resolve().parents[1]
GENERATED = ROOT / "generated"
FRAMEWORKS = ("torch", "keras", "jax")


@dataclass(frozen=True, slots=True)
class Result:
    """One spec in one framework: whether all is good, what was printed, and the seconds that it took."""

    spec: str
    framework: str
    key: str
    good: bool
    text: str
    seconds: float


def options_for(framework: str, exhaustive: bool) -> list[str]:
    """How a spec is verified in a framework."""
    options = ["--thorough", "--verbose", "--output-format", "concise", "--target", framework, "--require", framework]
    return [*options, *(["--exhaustive"] if exhaustive and framework == FRAMEWORKS[0] else [])]


def key_of(spec: Path, framework: str, options: Sequence[str]) -> str:
    """Changes with whatever could change the result."""
    files = [spec, *sorted((GENERATED / spec.stem).glob(f"*_{framework}.py"))]
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    text = json.dumps([hashes, fingerprint(), framework_versions(), sys.version, list(options)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def earlier(path: Path, key: str) -> Result | None:
    """A good result of an earlier run that still holds."""
    try:
        found = Result(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return found if found.good and found.key == key else None


def run(spec: Path, framework: str, options: Sequence[str], path: Path, alone: bool) -> Result:
    """Verifies and keeps what came of it; `alone` it may show how far it is."""
    start, key = time.monotonic(), key_of(spec, framework, options)
    command = [sys.executable, "-m", "actgen", "verify", *options, str(spec)]
    bar = None if alone and "--exhaustive" in options else subprocess.PIPE  # on standard error, if that is a terminal
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=bar, text=True, check=False)
    text, seconds = done.stdout + (done.stderr or ""), time.monotonic() - start
    result = Result(spec.stem, framework, key, done.returncode == 0, text, seconds)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_text(path, json.dumps(asdict(result), indent=1))
    return result


def found(spec: Path, framework: str, fresh: bool, exhaustive: bool, alone: bool) -> tuple[Result, bool]:
    """A spec in a framework, and whether the result is from an earlier run."""
    options = options_for(framework, exhaustive)
    path = GENERATED / ".actgen" / "certified" / f"{spec.stem}-{framework}.json"
    known = None if fresh else earlier(path, key_of(spec, framework, options))
    return known or run(spec, framework, options, path, alone), known is not None


def results(specs: Sequence[Path], fresh: bool, exhaustive: bool, jobs: int) -> Iterator[tuple[Result, bool]]:
    """Every spec in every framework, as they come."""
    pool = ThreadPoolExecutor(jobs)
    try:
        pairs = [(spec, framework) for spec in specs for framework in FRAMEWORKS]
        for done in as_completed(pool.submit(found, *pair, fresh, exhaustive, jobs == 1) for pair in pairs):
            yield done.result()
    finally:
        pool.shutdown(cancel_futures=True)


def main() -> int:
    """Prints a line for each result as it comes, what was wrong, and the time in all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fresh", action="store_true", help="run again what was found good before")
    parser.add_argument("--exhaustive", action="store_true", help="all 2^32 inputs of float32 too, in PyTorch")
    parser.add_argument("--jobs", type=int, default=at_once(), help="how many at once (default: %(default)s)")
    parser.add_argument("specs", nargs="*", type=Path, default=sorted((ROOT / "specs").glob("*.yaml")))
    options = parser.parse_args()
    total, bad, start = len(options.specs) * len(FRAMEWORKS), 0, time.monotonic()
    every = results(options.specs, options.fresh, options.exhaustive, options.jobs)
    for number, (result, is_old) in enumerate(every, start=1):
        word = "good" if result.good else "FAILED"
        age = " (earlier)" if is_old else ""
        print(f"[{number}/{total}] {word:<6} {result.spec} {result.framework}  {result.seconds:.0f} s{age}", flush=True)
        if not result.good:
            bad += 1
            print(result.text, flush=True)
    print(f"{total - bad} of {total} good, in {(time.monotonic() - start) / 60:.0f} min")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
