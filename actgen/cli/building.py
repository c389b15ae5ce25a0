"""`actgen build`, `check` and `verify`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from actgen.cli.options import (
    against_option,
    build_target_option,
    debug_option,
    device_option,
    exhaustive_option,
    format_option,
    out_option,
    report_option,
    require_option,
    specs_argument,
    target_option,
    verbose_option,
)
from actgen.cli.output import Report
from actgen.cli.progress import progress

if TYPE_CHECKING:
    from actgen.formats import Composite


@click.command(short_help="Write verified source, docs and tests.")
@specs_argument
@out_option
@build_target_option
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=1),
    default=max(1, (os.cpu_count() or 1) // 2),
    show_default="half the processors",
    help="How many specs to work on at once; the result is the same for any number.",
)
@click.option("--check", is_flag=True, help="Write nothing; fail and say what is missing, changed or left over.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change, and fail if anything would.")
@click.option(
    "--no-verify",
    is_flag=True,
    help="Put the files in place unverified, and say so on the page; a later build verifies them.",
)
@click.option(
    "--composite",
    type=click.Choice(("float64", "float32")),
    default="float64",
    show_default=True,
    help="What the files compute float32 in. float32 is for devices where float64 is slow or missing: less accurate, "
    "16-bit formats too; their errors are measured, and not held to a limit.",
)
@require_option
@verbose_option
@format_option
@debug_option
def build(
    specs: tuple[Path, ...],
    out: Path,
    targets: tuple[str, ...],
    jobs: int,
    check: bool,
    diff: bool,
    no_verify: bool,
    composite: Composite,
    require: tuple[str, ...],
    verbose: bool,
    output_format: str,
) -> int:
    """Write verified source, docs and tests for every SPEC: a file, a folder, or a pattern.

    What was there is replaced only when the new files are complete and verified. An output folder with two or more
    activations has an index of them, README.md, unless a README.md of another kind is there.
    """
    if require and (check or diff or no_verify):
        raise click.UsageError("--require has no meaning where nothing is verified")
    if check and diff:
        raise click.UsageError("--check and --diff exclude each other")
    from actgen.pipeline import build as build_specs

    report = Report(output_format, verbose=verbose)
    with progress(len(specs), "checking" if check or diff else "building") as step:
        done = build_specs(
            specs,
            out,
            targets=targets or None,
            jobs=jobs,
            verify=not no_verify,
            check=check,
            diff=diff,
            require=require,
            composite=composite,
            on_result=lambda result: step(result.name or result.spec.name),
            on_stage=step.stage,
        )
    return report.built(done)


@click.command(short_help="Read specs, do their mathematics, write nothing.")
@specs_argument
@format_option
@debug_option
def check(specs: tuple[Path, ...], output_format: str) -> int:
    """Read every SPEC and do its mathematics, and say what is wrong. Writes nothing.

    Claims of smoothness and of values at points are decided here. Those of a range or of monotonicity are held against
    samples, and the source against its frameworks: `actgen build` does that.
    """
    from actgen.pipeline.checking import check as check_specs

    return Report(output_format).checked(check_specs(specs))


@click.command(short_help="Hold files as they are against the mathematics.")
@specs_argument
@out_option
@target_option
@require_option
@click.option("--thorough", is_flag=True, help="Compiled modes, every Keras backend, more parameters, more points.")
@exhaustive_option
@device_option
@against_option
@report_option
@verbose_option
@format_option
@debug_option
def verify(
    specs: tuple[Path, ...],
    out: Path,
    targets: tuple[str, ...],
    require: tuple[str, ...],
    thorough: bool,
    exhaustive: bool,
    device: str,
    against: tuple[str, ...],
    report: Path | None,
    verbose: bool,
    output_format: str,
) -> int:
    """Hold the files in the output folder, as they are, against the exact mathematics of every SPEC.

    Prints the worst error of the values and of the derivatives in each framework and format, in ulps, and where it is.
    As JSON that is an object: `findings`, as of the other commands, and `figures`. What a framework's own function does
    wrong (--against) is printed beside that, and is no finding.
    """
    from actgen.pipeline.checking import verify as verify_specs

    with progress(len(specs), "verifying", parts=exhaustive) as step:
        results = verify_specs(
            specs,
            out,
            targets=targets or None,
            require=require,
            thorough=thorough,
            device=device,
            against=against,
            exhaustive=exhaustive,
            on_part=step.part,
            on_result=lambda result: step(result.spec.stem),
        )
    if report is not None:
        from actgen.pipeline.reporting import write_report

        write_report(report, results)
    return Report(output_format, verbose=verbose).verified(results)
