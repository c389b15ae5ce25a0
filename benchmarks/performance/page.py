"""The page `SPEED.md`: goals, times, and what they depend on. It is made from kept results, without timing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from performance.goals import GOALS
from performance.judging import Verdict, judged
from performance.results import DEVICES, Part, Parts, Row, ordered
from performance.subjects import SUBJECTS

_HEAD = """<!-- made by `make bench` from speed.json; `python benchmarks/speed.py --redraw` makes it again -->
# Speed

```console
$ make bench                # on a CPU
$ make bench DEVICE=cuda    # on a GPU; the figures of the CPU stay
```

Every figure is a median, the candidates of a row in turn, beside a copy in the same run. **f+b** is a call and the
gradients with respect to x and every parameter; *forward* a call without gradients. **naive** is the textbook formula
in the framework's operations, through autograd; *native* the framework's own function; *compile* is `torch.compile`,
warmed up, compiled anew for each size; *actgen* the generated file with its fused kernel. **BW** is the least traffic
(in bytes of the format for each element: forward 2, f+b 5) over the time, as a fraction of what `copy_` moves in the
same run. *saved* is what is kept for the backward pass beyond x and the parameters. The processes set
`MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=30000000000`, else large tensors measure page faults.

Parameters are float32, and so cast by the naive form where inputs are bfloat16. The error of parameters' gradients
there is relative, against the formula in float64 at the same inputs, the worst of all parameters, for cotangents of
ones and of normal samples. *Sources only* is a process that does a build's work up to the frameworks' files and the
kernel's header. Builds start with an empty folder, after a build elsewhere; a kernel with an empty cache.

What `gpu.py` measured on a GPU is in [RESULTS.md](RESULTS.md).
"""

IDLE = 0.5
"""The largest load, on the average of a minute, of a machine with nothing else to do."""


def page(parts: Parts, plots: Sequence[tuple[str, str]]) -> str:
    """The whole page.

    Args:
        parts: what was measured.
        plots: file and description of each picture.
    """
    lines = [_HEAD, "## Goals", "", *summary(parts), ""]
    for path, words in plots:
        lines += [f"![{words}]({path})", ""]
    for device, part in parts.items():
        lines += [f"## {DEVICES[device]}", "", *_facts(part), ""]
        if part.certificates:
            lines += [*_certificates(part), ""]
        for framework, title in (("torch", "PyTorch"), ("jax", "JAX")):
            rows = part.of(framework=framework)
            for dtype in ordered(rows, "dtype"):
                lines += [f"### {title}, {dtype}", "", *_times([r for r in rows if r["dtype"] == dtype]), ""]
        lines += [f"NOT RUN: {key}: {reason}\n" for key, reason in part.missing.items()]
    return "\n".join(lines)


def summary(parts: Parts) -> list[str]:
    """The table of goals, below a warning where figures were taken beside other work."""
    busy = [
        f"**The {DEVICES[device]}'s machine had other work (load {load}): its times are not to be relied on.**\n"
        for device, part in parts.items()
        if float(load := part.facts.get("load before", "0")) > IDLE
    ]
    return [*busy, *goals_table([judged(goal, parts) for goal in GOALS])]


def goals_table(verdicts: Sequence[Verdict]) -> list[str]:
    """A row for each goal, and how many are met."""
    counts = [sum(v.met is met for v in verdicts) for met in (True, False, None)]
    return [
        "{} of {} met, {} missed, {} NOT RUN. Measured numbers are rounded away from the goal.".format(
            counts[0], len(verdicts), *counts[1:]
        ),
        "",
        *_table(
            ("what", "goal", "measured", "met?", "peer"),
            "lllll",
            ((v.goal.what, v.wanted, v.measured, v.word, v.peer) for v in verdicts),
        ),
    ]


def _facts(part: Part) -> list[str]:
    return _table(("", ""), "ll", part.facts.items())


def _certificates(part: Part) -> list[str]:
    """What is known of the accuracy of the kernels that were timed."""
    kernels = ((f"`{name}`", words) for name, words in part.certificates.items())
    return _table(("kernel", "certificate of the very kernel that was timed"), "ll", kernels)


def _times(rows: Sequence[Row]) -> list[str]:
    columns = [c for c in _COLUMNS if any(row.get(c[0]) is not None for row in rows)]
    titles = {s.name: s.title for s in SUBJECTS}
    heads = ("activation", "elements", "candidate", *(title for _, title, _ in columns))
    return _table(
        heads,
        "lrl" + "r" * len(columns),
        (
            (
                titles[row["subject"]],
                f"{row['elements']:,}",
                row["candidate"],
                *("" if row.get(key) is None else form.format(row[key]) for key, _, form in columns),
            )
            for row in rows
        ),
    )


_COLUMNS = (
    ("forward_ms", "forward ms", "{:.4g}"),
    ("both_ms", "f+b ms", "{:.4g}"),
    ("backward_ms", "backward ms", "{:.4g}"),
    ("forward_bw", "forward BW", "{:.2f}"),
    ("both_bw", "f+b BW", "{:.2f}"),
    ("saved", "saved B", "{:.1f}"),
    ("launches", "launches f+b", "{}"),
    ("backward_launches", "launches backward", "{}"),
)


def _table(heads: Sequence[str], sides: str, rows: Iterable[Sequence[str]]) -> list[str]:
    def lines() -> Iterator[Sequence[str]]:
        yield heads
        yield ["--:" if side == "r" else "---" for side in sides]
        yield from rows

    return [f"| {' | '.join(cells)} |" for cells in lines()]
