"""The `actgen` command: its subcommands, its exit codes, and what it says when something goes wrong."""

from __future__ import annotations

import os
import platform
import signal
import sys
import traceback
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from types import FrameType
from typing import NoReturn

import click

import actgen
from actgen.cli.analysing import analyse
from actgen.cli.benching import bench
from actgen.cli.building import build, check, verify
from actgen.cli.completion import completion
from actgen.cli.designing import design
from actgen.cli.native import native
from actgen.cli.options import Session, debug_option
from actgen.cli.solving import solve
from actgen.cli.specs import new, schema, show

GOOD, FINDINGS, TROUBLE, INTERRUPTED = 0, 1, 2, 130
_BROKEN_PIPE = 128 + 13


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(actgen.__version__, message="actgen %(version)s")
@debug_option
def cli() -> None:
    """Turns the formula of an activation function, in YAML, into verified source: PyTorch, Keras, JAX, JavaScript.

    Exit codes: 0 all is good; 1 there are findings (a bad spec, a failed check, stale output); 2 wrong usage or an
    internal error; 130 interrupted.
    """


for _command in (build, check, verify, design, analyse, solve, bench, show, new, schema, native, completion):
    cli.add_command(_command)


def main() -> NoReturn:
    """Runs the command line and ends the process with its exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs the command line.

    Args:
        arguments: what follows `actgen`.

    Returns:
        The exit code.
    """
    session = Session(debug=os.environ.get("ACTGEN_DEBUG", "") not in ("", "0"))
    try:
        code = cli.main(list(arguments), prog_name="actgen", standalone_mode=False, obj=session)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return TROUBLE
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; no file is left half made", err=True)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone, as in `actgen show … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except BrokenExecutor:
        click.echo("error: a worker process was ended from outside; is memory short? try --jobs 1", err=True)
        return TROUBLE
    except OSError as error:
        _trace(session)
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"error: {where}{error.strerror or error}", err=True)
        return TROUBLE
    except Exception as error:  # the one boundary: whatever arrives here is a bug in actgen, and says so
        _trace(session)
        click.echo(_bug(error, arguments), err=True)
        return TROUBLE
    return code if isinstance(code, int) else GOOD


def _trace(session: Session) -> None:
    if session.debug:
        traceback.print_exc()


def _bug(error: Exception, arguments: Sequence[str]) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return "\n".join(
        (
            f"this is a bug in actgen: {type(error).__name__}: {error}",
            f"  in {last.name}, {os.path.basename(last.filename)}:{last.lineno}",  # noqa: PTH119 - a name, not a path
            f"  actgen {actgen.__version__}, Python {platform.python_version()}, {platform.system()}",
            "please report it with these lines, the spec, and the output of the same command with --debug:",
            f"  actgen {' '.join(arguments)}",
        )
    )


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)
