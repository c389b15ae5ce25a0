"""`actgen solve`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from actgen.cli.options import debug_option, format_option, spec_argument
from actgen.cli.output import Report


@click.command(short_help="Find parameter values by requirement.")
@spec_argument
@click.option(
    "--for",
    "requirements",
    metavar="TEXT",
    multiple=True,
    required=True,
    help="What is required, such as 'C1 at 0' or 'mean = 0, variance = 1'. Can be given more than once.",
)
@click.option(
    "--over",
    metavar="NAMES",
    help="The parameters to solve for, with commas between; without it, all that the requirements depend on.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How the outcome is printed.",
)
@format_option
@debug_option
def solve(spec: Path, requirements: Sequence[str], over: str | None, form: str, output_format: str) -> int:
    """Find values of SPEC's parameters for which requirements hold.

    Values are exact where a closed form was found, and have at least thirty certain digits otherwise. The outcome says
    whether there are others, or none, and how that was proved. docs/SOLVE.md lists what can be required.
    """
    from actgen.pipeline.solving import solve_spec, text_of

    names = None if over is None else [name.strip() for name in over.split(",")]
    result = solve_spec(spec, requirements, names)
    if result.outcome is not None:
        click.echo(text_of(result.outcome, form), nl=False)
    return Report(output_format, quiet=True, err=True).findings(result.diagnostics, result.sources)
