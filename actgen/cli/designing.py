"""`actgen design`."""

from __future__ import annotations

import threading
import webbrowser
from pathlib import Path

import click

from actgen.cli.options import debug_option, out_option


@click.command(short_help="Design an activation in the browser.")
@click.argument("spec", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Where the page is served, on 127.0.0.1 alone.  [default: any free port]",
)
@click.option("--no-browser", is_flag=True, help="Only print the page's address; anyone who has it can use the page.")
@out_option
@click.option(
    "--time-limit",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    default=10.0,
    show_default=True,
    help="How long the mathematics of a spec may take before it is stopped.",
)
@debug_option
def design(spec: Path | None, port: int, no_browser: bool, out: Path, time_limit: float) -> int:
    """Edit SPEC on a page in the browser, with its findings, mathematics and source beside it. Ctrl-C ends it.

    SPEC need not exist yet; without it a new one is begun, in specs/ if there is such a folder, else in the current
    one. Only SPEC is written, when you save it, and the output folder, when you build.
    """
    from actgen.designer.document import UnreadableError
    from actgen.designer.opening import opened
    from actgen.designer.server import serve
    from actgen.designer.session import Session

    try:
        document = opened(spec)
    except UnreadableError as error:
        raise click.ClickException(str(error)) from error

    def ready(url: str) -> None:
        click.echo(f"designing {document.shown}; Ctrl-C ends it\n{url}")
        if not no_browser:  # in a thread: some browsers hold up whoever opens them
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    serve(Session(document, out, time_limit), port, ready)
    return 0
