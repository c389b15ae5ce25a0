"""`actgen analyse`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import click

from actgen.cli.options import debug_option, format_option, specs_argument
from actgen.cli.output import Report


class Setting(click.ParamType):
    """`NAME=NUMBER`, the number a decimal or a fraction, taken exactly."""

    name = "setting"

    def convert(
        self, value: str | tuple[str, Fraction], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Fraction]:
        """The name and the exact number."""
        if isinstance(value, tuple):
            return value
        name, equals, number = value.partition("=")
        if not equals or len(number) > _LONGEST:
            self.fail(f"{value!r} is not NAME=NUMBER", param, ctx)
        try:
            exact = Fraction(number.strip())
        except (ValueError, ZeroDivisionError):
            self.fail(f"{number!r} is neither a decimal nor a fraction", param, ctx)
        if abs(exact) > _LARGEST or (exact and abs(exact) < 1 / _LARGEST):
            self.fail(f"{number!r} is outside of the range of float64", param, ctx)
        return name.strip(), exact


_LONGEST = 40
_LARGEST = Fraction(10) ** 300


@click.command(short_help="Prove what specs are as functions.")
@specs_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How the analysis is printed.",
)
@click.option(
    "--set",
    "settings",
    metavar="NAME=NUMBER",
    type=Setting(),
    multiple=True,
    help="A parameter's value, a decimal or a fraction; without it, the nominal one. Can be given more than once.",
)
@format_option
@debug_option
def analyse(specs: Sequence[Path], form: str, settings: Sequence[tuple[str, Fraction]], output_format: str) -> int:
    """Prove what each SPEC is as a function.

    Domain, range, zeros, extrema, asymptotes, Lipschitz constants, moments under a standard normal input, and what they
    mean for initialisation. Each number is exact, or enclosed with a bound on its error, or says why it is not known.
    """
    from actgen.pipeline.analysing import analyse_spec, texts

    results = [analyse_spec(spec, dict(settings)) for spec in specs]
    click.echo(texts([r.analysis for r in results if r.analysis is not None], form), nl=False)
    return Report(output_format, quiet=True, err=True).findings([d for r in results for d in r.diagnostics])
