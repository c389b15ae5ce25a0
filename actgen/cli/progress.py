"""How far a run over several specs has come, for a person who watches a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(total: int, verb: str) -> Iterator[Callable[[str], None]]:
    """A bar on standard error; nothing for a single spec or where standard error is not a terminal.

    Yields:
        A function to call with each finished activation's name.
    """
    if total < 2 or not sys.stderr.isatty():
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn(verb),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[last]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(verb, total=total, last="")
        yield lambda name: bar.update(task, advance=1, last=name)
