"""`actgen native`: what concerns the compiled kernels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from actgen.cli.options import debug_option, out_option

if TYPE_CHECKING:
    from actgen.native.runtime.library import Format
    from actgen.native.runtime.settings import Precision

_FORMATS = ("float32", "float64", "bfloat16", "float16")


@click.group(short_help="Compile the fused kernels ahead.")
def native() -> None:
    """What concerns the fused kernels that `actgen build` writes.

    They are compiled when they are first used, each in about a second, and kept in ACTGEN_CACHE, else in `actgen` below
    XDG_CACHE_HOME or ~/.cache.
    """


@native.command(short_help="Compile kernels ahead.")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@out_option
@click.option(
    "--format",
    "formats",
    type=click.Choice(_FORMATS),
    multiple=True,
    default=_FORMATS,
    help="Only for arrays of this format. Can be given more than once; without it, all.",
)
@click.option(
    "--precision",
    type=click.Choice(("fast", "exact")),
    default="fast",
    show_default=True,
    help="What float32 is computed in: exact is for ACTGEN_PRECISION=exact.",
)
@debug_option
def build(names: tuple[str, ...], out: Path, formats: tuple[Format, ...], precision: Precision) -> int:
    """Compile the kernels of each activation NAME in the output folder, or of all, before anybody waits for them."""
    from actgen.pipeline.kernels import NoCompilerError, compile_ahead

    bad = False
    try:
        for found in compile_ahead(out, names, formats, precision):
            word = "failed" if found.error else "compiled"
            click.echo(f"{word:<10}  {found.name}" + (f"  {found.kernels} kernels" if not found.error else ""))
            if found.error:
                click.echo(found.error, err=True)
                bad = True
    except NoCompilerError:
        click.echo("error: there is no C++ compiler: none that CXX names, no c++, g++ or clang++", err=True)
        return 1
    return int(bad)
