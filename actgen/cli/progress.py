"""How far a run over several specs has come, for a person who watches a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn, TaskID

    from actgen.pipeline.progress import Part
    from actgen.pipeline.results import Stage


class Step:
    """Called with each finished activation's name. This one shows nothing."""

    def __call__(self, name: str) -> None:
        """An activation is finished."""

    def part(self, name: str, runner: str, done: int, total: int) -> None:
        """Of what a runner goes through for an activation, so many parts are done."""

    def stage(self, news: Stage | Part) -> None:
        """What is being done now."""


class _Bars(Step):
    """A bar or a spinner for the specs, and a bar for the parts of what is gone through now."""

    def __init__(self, bars: Progress, specs: TaskID) -> None:
        self._bars, self._specs = bars, specs
        self._parts: tuple[str, TaskID] | None = None

    def __call__(self, name: str) -> None:
        self._bars.update(self._specs, advance=1, last=name)

    def stage(self, news: Stage | Part) -> None:
        self._bars.update(self._specs, last=words(news))

    def part(self, name: str, runner: str, done: int, total: int) -> None:
        title = f"{name} {runner}"
        if self._parts is None or self._parts[0] != title:
            if self._parts is not None:
                self._bars.remove_task(self._parts[1])
            self._parts = title, self._bars.add_task(title, total=total, completed=done, last="")
        self._bars.update(self._parts[1], completed=done)


def words(news: Stage | Part) -> str:
    """A stage, or what a target has come to in it."""
    from actgen.pipeline.results import Stage

    if isinstance(news, Stage):
        return news.value
    return f"{news.stage.value} {news.name}" if news.state == "begun" else f"{news.name} {news.words or news.state}"


@contextmanager
def progress(total: int, verb: str, *, parts: bool = False) -> Iterator[Step]:
    """A line on standard error that says what is done; nothing where standard error is not a terminal.

    Args:
        total: how many specs; of several a bar shows how many are finished.
        verb: what is done with them.
        parts: whether one spec takes so long that its parts are shown, with the time that is left.
    """
    if not sys.stderr.isatty():
        yield Step()
        return
    from rich.console import Console
    from rich.progress import Progress

    columns = _columns(several=total > 1 or parts, parts=parts)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _Bars(bars, bars.add_task(verb, total=total, last=""))


def _columns(*, several: bool, parts: bool) -> list[ProgressColumn]:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    return [
        *([] if several else [SpinnerColumn()]),
        TextColumn("{task.description}"),
        *([BarColumn(), MofNCompleteColumn()] if several else []),
        TimeElapsedColumn(),
        *([TextColumn("left"), TimeRemainingColumn()] if parts else []),
        TextColumn("{task.fields[last]}", markup=False),
    ]
