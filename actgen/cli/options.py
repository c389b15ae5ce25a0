"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

FORMATS = ("full", "concise", "json", "github")
_F = TypeVar("_F", bound=Callable[..., Any])


@dataclass(slots=True)
class Session:
    """What holds for one run of the command line."""

    debug: bool = False


def _debug(context: click.Context, option: click.Parameter, value: bool) -> None:
    session = context.ensure_object(Session)
    session.debug = session.debug or value


debug_option = click.option(
    "--debug", is_flag=True, expose_value=False, callback=_debug, help="Show tracebacks of internal errors."
)


class Target(click.ParamType):
    """A backend's name, looked up only when one is given."""

    name = "target"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name itself, if there is such a backend."""
        names = self._names()
        if value not in names:
            self.fail(f"{value!r} is not one of {', '.join(names)}", param, ctx)
        return value

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The backends whose names begin so."""
        return [CompletionItem(name) for name in self._names() if name.startswith(incomplete)]

    def _names(self) -> tuple[str, ...]:
        from actgen.backends.base import backend_names

        return backend_names()


class BuildTarget(Target):
    """The name of anything that a build can be asked for."""

    def _names(self) -> tuple[str, ...]:
        from actgen.pipeline.targets import target_names

        return target_names()


class Home(Target):
    """The name of a framework that has activations of its own."""

    def _names(self) -> tuple[str, ...]:
        from actgen.verify.peers.built_ins import BUILT_INS

        return tuple(BUILT_INS)


def specs_argument(command: _F) -> _F:
    """`SPEC…`, as `Path`s."""
    return click.argument(
        "specs", metavar="SPEC...", nargs=-1, required=True, callback=_find, type=click.Path(path_type=str)
    )(command)


def _find(context: click.Context, parameter: click.Parameter, value: Sequence[str]) -> tuple[Path, ...]:
    from actgen.pipeline.find import NoSpecError, find_specs

    if context.resilient_parsing:
        return ()
    try:
        return find_specs(value)
    except NoSpecError as error:
        raise click.BadParameter(str(error), context, parameter) from error


format_option = click.option(
    "--output-format",
    type=click.Choice(FORMATS),
    default="full",
    show_default=True,
    help="How findings are printed.",
)
verbose_option = click.option(
    "--verbose",
    "-v",
    is_flag=True,
    help="Print each note, of what was measured and cannot be better, not their number.",
)
out_option = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("generated"),
    show_default=True,
    help="The output folder; each activation has a folder of its name in it.",
)
target_option = click.option(
    "--target",
    "targets",
    metavar="NAME",
    type=Target(),
    multiple=True,
    help="Only this backend: torch, keras, jax or javascript. Can be given more than once; without it, all.",
)
build_target_option = click.option(
    "--target",
    "targets",
    metavar="NAME",
    type=BuildTarget(),
    multiple=True,
    help="Only this backend: torch, keras, jax or javascript; or cuda-extension: torch, and a folder that nvcc makes a "
    "wheel of; or pdf: a data sheet, which needs pdfLaTeX. Can be given more than once; without a framework, "
    "all of them.",
)
device_option = click.option(
    "--device",
    type=click.Choice(("cpu", "cuda")),
    default="cpu",
    show_default=True,
    help="Where the frameworks compute; one that has no such device fails, and JavaScript is not run on cuda.",
)
require_option = click.option(
    "--require",
    metavar="FRAMEWORK",
    type=Target(),
    multiple=True,
    help="Fail if this framework is not installed, instead of saying NOT RUN. Can be given more than once.",
)
exhaustive_option = click.option(
    "--exhaustive",
    is_flag=True,
    help="Also compare all 2^32 inputs of float32, at the nominal parameters, where there is one input: minutes to an "
    "hour for each spec, with each --target that is named, or with the first framework that is installed. "
    "Interrupted, it goes on where it was.",
)
against_option = click.option(
    "--against",
    metavar="FRAMEWORK",
    type=Home(),
    multiple=True,
    help="Also measure this framework's own function, if it has this activation. Can be given more than once.",
)


def _a_file(context: click.Context, parameter: click.Parameter, path: Path) -> Path:
    if not path.is_file():  # a pipe that nobody writes to would be waited for
        raise click.BadParameter(f"{path} is a stream, not a file", context, parameter)
    return path


spec_argument = click.argument(
    "spec", metavar="SPEC", type=click.Path(exists=True, dir_okay=False, path_type=Path), callback=_a_file
)
report_option = click.option(
    "--report",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every figure to FILE: Markdown if its name ends in .md, else JSON.",
)
