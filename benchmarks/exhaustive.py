"""Times `actgen verify --exhaustive` on a part of float32, evenly spread, and says what the whole would take.

    python benchmarks/exhaustive.py [--every 16] [--target torch] [SPEC ...]

The files in `generated/` are verified as always, then of the 4,080 pieces of 2^20 numbers every so many-th. A line for
each spec: the seconds that 2^24 numbers take by the clock, and of a processor in this process, which judges; minutes
for all of float32; and the worst of each result.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from actgen.pipeline.stages import compile_spec
from actgen.verify.exhaustive.chunks import Division
from actgen.verify.exhaustive.whole import Whole
from actgen.verify.inputs import EVERY
from actgen.verify.report import name_of
from actgen.verify.screen import ProgramScreen
from actgen.verify.verify import verify

ROOT = Path(__file__).resolve().parents[1]
SPECS = tuple(ROOT / "specs" / f"{name}.yaml" for name in ("relu", "silu", "elu"))
_PIECE, _UNIT, _ALL = 1 << 20, 1 << 24, 1 << 32


@dataclass
class Clock:
    """Notes the times at which pieces were done, and this process's own processor time."""

    seconds: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)

    def part(self, name: str, runner: str, done: int, total: int) -> None:
        """See `Whole.on_part`; the first call comes before the process starts."""
        self.seconds.append(time.monotonic())
        self.own.append(time.process_time())


def lines(spec: Path, target: str, every: int) -> Iterator[str]:
    """What is said about one spec."""
    unit = compile_spec(spec).unit
    if unit is None:
        raise SystemExit(f"{spec} is not a good spec: actgen check {spec}")
    clock, name = Clock(), unit.activation.name
    with tempfile.TemporaryDirectory() as folder:
        whole = Whole((target,), Path(folder), "timing", clock.part, Division(chunk=_PIECE, every=every))
        screen = ProgramScreen(unit.program)
        given = {"derivation": unit.derivation, "screen": screen, "composite": unit.composite}
        report = verify(unit.activation, ROOT / "generated" / name, (target,), whole=whole, **given)
    pieces = len(clock.seconds) - 2  # without the first, which waits for the framework to be imported
    if pieces < 1:
        yield f"{name}: {target} {report.statuses.get(target)}, several inputs, or no file: nothing was gone through"
        return
    units = pieces * _PIECE / _UNIT
    taken, own = ((ticks[-1] - ticks[1]) / units for ticks in (clock.seconds, clock.own))
    minutes = taken * _ALL / _UNIT / 60
    yield f"{name} {target}: 2^24 numbers in {taken:.2f} s, {own:.2f} s of a processor here; all in {minutes:.0f} min"
    for cell in (c for f in report.frameworks for c in f.cells if c.dataset == EVERY):
        result = name_of(cell.output, cell.wrt)
        yield f"  {result}: {cell.points} points, {cell.level.value}, {cell.worst:.6g} ulp at most"


def main() -> int:
    """Prints the lines of each spec."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=16, help="of the pieces only every so many-th")
    parser.add_argument("--target", default="torch", choices=("torch", "jax", "keras"))
    parser.add_argument("specs", nargs="*", type=Path, default=SPECS)
    options = parser.parse_args()
    for spec in options.specs:
        for line in lines(spec, options.target, options.every):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
