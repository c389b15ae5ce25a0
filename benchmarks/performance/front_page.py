"""The tables of times on the front page: a call with all gradients, beside what PyTorch has, from kept figures.

The CPU's come from `speed.json`, the GPU's from `gpu.json`. Nothing is timed here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from performance.goals import MEDIUM
from performance.page import IDLE
from performance.results import Part, Row
from performance.subjects import SUBJECTS

GPU_SIZE = 100_000_000
_CANDIDATES = {
    "naive": "textbook",
    "native": "its own",
    "compile(naive)": "compiled",
    "actgen": "actgen",
}
_WORDS = {MEDIUM: "10⁶", GPU_SIZE: "10⁸"}


@dataclass(frozen=True, slots=True)
class _Column:
    """The figures of one device at one size."""

    title: str
    device: str
    size: int
    part: Part

    def rows(self, subject: str, dtype: str) -> Mapping[str, Row]:
        """By candidate."""
        found = self.part.of(subject=subject, dtype=dtype, size=self.size)
        return {row["candidate"]: row for row in found if row.get("framework", "torch") == "torch"}

    def cells(self, subject: str, dtype: str) -> list[str]:
        """Milliseconds of each candidate, the fastest in bold; a dash where there is none."""
        times = {name: row["both_ms"] for name, row in self.rows(subject, dtype).items() if name in _CANDIDATES}
        best = min(times.values(), default=None)
        return [_shown(times.get(name), best) for name in _CANDIDATES]


def read_gpu(path: Path) -> Part:
    """What `gpu.py` kept, as a part: facts and rows."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return Part(facts=content["facts"], rows=tuple(content["rows"]))


def tables(cpu: Part, gpu: Part) -> list[str]:
    """A table for each format, and what the figures depend on.

    Args:
        cpu: that part of `speed.json`.
        gpu: what `read_gpu` gives.
    """
    columns = (_Column("CPU", "CPU", MEDIUM, cpu), _Column("GPU", "GPU", GPU_SIZE, gpu))
    lines: list[str] = []
    for dtype in ("float32", "bfloat16"):
        lines += [*_table(dtype, columns), ""]
    return [*lines, *(f"{_conditions(column)}  " for column in columns[:-1]), _conditions(columns[-1])]


def _table(dtype: str, columns: Sequence[_Column]) -> Iterator[str]:
    heads = [f"{column.title}: {words}" for column in columns for words in _CANDIDATES.values()]
    yield _line([f"{dtype}, ms", *heads])
    yield _line(["---", *("--:" for _ in heads)])
    for subject in SUBJECTS:
        yield _line([subject.title, *(cell for column in columns for cell in column.cells(subject.name, dtype))])


def _conditions(column: _Column) -> str:
    """One sentence: the machine, how many numbers, the versions, the day, and a warning where it was busy."""
    facts = column.part.facts
    cores = f", {facts['cores']} cores" if "cores" in facts else ""
    load = facts.get("load before", "0")
    busy = f" The machine had other work (load {load}): these times are not to be relied on." * (float(load) > IDLE)
    return (
        f"{column.title}: {facts[column.device]}{cores}, {_WORDS[column.size]} numbers, PyTorch {facts['PyTorch']}, "
        f"{facts['date']}, commit {facts['commit']}.{busy}"
    )


def _shown(time: float | None, best: float | None) -> str:
    if time is None:
        return "–"
    digits = f"{time:#.3g}".rstrip(".")
    return f"**{digits}**" if time == best else digits


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
