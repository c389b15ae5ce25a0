"""`actgen show`, `new` and `schema`."""

from __future__ import annotations

from pathlib import Path

import click

from actgen.cli.invocation import invocation
from actgen.cli.options import debug_option, format_option, spec_argument
from actgen.cli.output import Report

_FORMS = ("math", "latex", "program", "torch", "keras", "jax", "javascript", "kernel")


@click.command(short_help="Print one stage of a spec.")
@spec_argument
@click.option("--as", "form", type=click.Choice(_FORMS), default="math", show_default=True, help="Which stage to show.")
@format_option
@debug_option
def show(spec: Path, form: str, output_format: str) -> int:
    """Print one stage of SPEC: its mathematics, as text or LaTeX, its program, or its source."""
    from actgen.pipeline.show import show as show_spec

    text, diagnostics = show_spec(spec, form)
    if text is not None:
        click.echo(text, nl=not text.endswith("\n"))
    return Report(output_format, quiet=True, err=True).findings(diagnostics)


@click.command(short_help="Write a commented spec to start from.")
@click.argument("name")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder to write NAME.yaml into.  [default: the current one]",
)
@format_option
@debug_option
def new(name: str, out: Path, output_format: str) -> int:
    """Write NAME.yaml, a commented spec that builds as it is. Never overwrites."""
    from actgen.pipeline.new import new_spec

    path, diagnostics = new_spec(name, out)
    if path is not None:
        click.echo(f"wrote {path}; next: {invocation()} build {path}")
    return Report(output_format, quiet=True).findings(diagnostics)


@click.command(short_help="Print the JSON Schema of the spec format.")
@debug_option
def schema() -> int:
    """Print the JSON Schema of the spec format, for editors."""
    from actgen.resources import schema_file

    click.echo(schema_file().read_text(encoding="utf-8"), nl=False)
    return 0
