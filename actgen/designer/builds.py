"""Builds of the saved spec: one at a time, each in a process of its own, whose events any number of tabs can follow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from actgen.designer.child import Child

_PROCESS = "actgen.designer.build_process"
_PATIENCE_S = 15.0  # files that are being put in place are put in place whole


class BuildingError(Exception):
    """A build is at work already."""


class Builds:
    """The build that runs, or the last one.

    An event is `{event: "started", revision}`, `{event: "stage", stage}`, `{event: "result", …}` and, always last,
    `{event: "ended", outcome}`, whose outcome is that of the result, `cancelled`, or `broken` where there is no result.
    Within a stage come `{event: "part", stage, name, state, words}` of the targets.

    Args:
        spec: the file, as it is shown in findings.
        out: the output folder.
        page: from an activation's name to the address of its page.
    """

    def __init__(self, spec: Path, out: Path, page: Callable[[str], str]) -> None:
        self._spec, self._out, self._page = spec, out, page
        self._events: list[dict[str, Any]] = []
        self._news = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether a build is at work."""
        return self._task is not None and not self._task.done()

    async def start(self, revision: str, targets: Sequence[str], *, verify: bool) -> None:
        """Starts a build.

        Args:
            revision: of the file that is to be built.
            targets: for which; none for every framework.
            verify: hold the files against the mathematics before they are put in place.

        Raises:
            BuildingError: one is at work.
        """
        if self.running:
            raise BuildingError
        request = {"spec": str(self._spec), "out": str(self._out), "targets": list(targets), "verify": verify}
        self._events = []
        self._task = asyncio.create_task(self._run(revision, request))
        await asyncio.sleep(0)  # it begins: what is cancelled before it has begun says nothing at its end

    async def cancel(self) -> bool:
        """Ends the build that is at work, and waits for that; says whether there was one.

        What stood before is there, or, if the new files were being put in place just then, all of the new ones; then
        the build has a result and ends as that says.
        """
        if self._task is None or self._task.done():
            return False
        if not self._task.cancelling():  # once: a second one would keep it from tidying up
            self._task.cancel()
        await asyncio.wait([self._task])
        return True

    async def events(self) -> AsyncIterator[dict[str, Any]]:
        """The events of the build from its beginning, and as they come; none where nothing was built yet."""
        events = self._events
        for number in count() if events else ():
            async with self._news:
                await self._news.wait_for(partial(_has, events, number))
            yield events[number]
            if events[number]["event"] == "ended":
                return

    async def _run(self, revision: str, request: dict[str, Any]) -> None:
        child, status, otherwise = None, None, "broken"
        try:
            await self._tell({"event": "started", "revision": revision})
            child = await Child.start(_PROCESS)
            await child.send(request)
            await self._follow(child)
            status = await child.status()
        except asyncio.CancelledError:
            otherwise = "cancelled"
        finally:
            if child is not None:
                await child.end(_PATIENCE_S)
                await self._follow(child)  # the result of one that put its files in place just then
            results = [event["outcome"] for event in self._events if event["event"] == "result"]
            await self._tell({"event": "ended", "outcome": results[-1] if results and not status else otherwise})

    async def _follow(self, child: Child) -> None:
        """Hands on what the process says until it ends."""
        while (event := await child.receive()) is not None:
            await self._tell(self._with_page(event))

    def _with_page(self, event: dict[str, Any]) -> dict[str, Any]:
        """The result with the address of the page, if there is one."""
        if event["event"] != "result":
            return event
        name = event["name"]
        has_page = isinstance(name, str) and (self._out / name / f"{name}.html").is_file()
        return {**event, "page": self._page(str(name)) if has_page else None}

    async def _tell(self, event: dict[str, Any]) -> None:
        self._events.append(event)  # at once: a cancelled task must not lose a result
        async with self._news:
            self._news.notify_all()


def _has(events: Sequence[object], number: int) -> bool:
    return number < len(events)
