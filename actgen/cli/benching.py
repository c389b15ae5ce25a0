"""`actgen bench`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from actgen.cli.options import debug_option, device_option, out_option, specs_argument
from actgen.cli.output import Report
from actgen.diagnostics import Diagnostic

_COLUMNS = ("candidate", "forward ms", "f+b ms", "over naive", "forward BW", "f+b BW", "saved B")


@click.command(short_help="Time the PyTorch file against its peers.")
@specs_argument
@out_option
@click.option(
    "--size",
    "sizes",
    type=click.IntRange(min=1),
    multiple=True,
    default=(10_000, 1_000_000),
    show_default=True,
    help="Elements. Can be given more than once.",
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(("float32", "bfloat16", "float16", "float64")),
    multiple=True,
    default=("float32",),
    show_default=True,
    help="Of the inputs. Can be given more than once.",
)
@click.option(
    "--channels",
    type=click.IntRange(min=1),
    help="Inputs (N, CHANNELS, length), with a value of each parameter for each channel.",
)
@click.option("--threads", type=click.IntRange(min=1), help="Of the processor; without it as many as PyTorch takes.")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.01),
    default=1.0,
    show_default=True,
    help="For each candidate and pass, roughly.",
)
@device_option
@debug_option
def bench(
    specs: tuple[Path, ...],
    out: Path,
    sizes: tuple[int, ...],
    formats: tuple[str, ...],
    channels: int | None,
    threads: int | None,
    seconds: float,
    device: str,
) -> int:
    """Time the built PyTorch file of each SPEC against what people would use without it.

    `naive` is the formula as it is written, through autograd; then PyTorch's own layer, if it has one, torch.compile of
    both, and our file without its fused kernel. f+b is a call and the gradients with respect to inputs and parameters.
    All take turns; a figure is the median. BW is the least traffic over the time, as a fraction of what a copy moves in
    the same run. `saved B` are bytes an element that are kept for the backward pass, besides inputs and parameters.
    """
    from actgen.bench.request import Wanted
    from actgen.bench.running import BenchError
    from actgen.pipeline.benching import bench as lines_of

    wanted = Wanted(sizes, formats, channels, device, threads, seconds)
    findings: list[Diagnostic] = []
    failed = False
    for spec in specs:
        click.echo(f"# {spec}")
        rows: list[Mapping[str, Any]] = []
        try:
            for line in lines_of(spec, out, wanted):
                if isinstance(line, Diagnostic):
                    findings.append(line)
                elif line.is_row:
                    rows.append(line.content)
                else:
                    click.echo(_words(line.content))
        except BenchError as error:
            click.echo(f"error: {error}", err=True)
            failed = True
        _print(rows)
    return int(Report("full").findings(findings) or failed)


def _words(content: Mapping[str, Any]) -> str:
    if "remark" in content:
        return str(content["remark"])
    return (
        f"PyTorch {content['torch']}, {content['device']}, {'with' if content['fused'] else 'without'} a fused kernel"
    )


def _print(rows: Iterable[Mapping[str, Any]]) -> None:
    head, naive = None, 0.0
    for row in rows:
        if head != (head := (row["format"], row["size"])):
            naive = row["both_ms"]
            click.echo(f"\n{row['format']}, {row['size']:,} elements\n{_line(_COLUMNS)}")
        times = f"{row['forward_ms']:.4f}", f"{row['both_ms']:.4f}", f"{naive / row['both_ms']:.2f}"
        rest = f"{row['forward_bw']:.2f}", f"{row['both_bw']:.2f}", f"{row['saved']:.1f}"
        click.echo(_line((row["candidate"], *times, *rest)))


def _line(cells: Iterable[str]) -> str:
    first, *others = cells
    return f"{first:<24}" + "".join(f"{cell:>12}" for cell in others)
