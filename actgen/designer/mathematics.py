"""Mathematics in another process: one question at a time, a limit for each, and only the newest of those that wait."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from actgen.designer import findings
from actgen.designer.child import Child
from actgen.designer.kinds import BLANK

_WORKER = "actgen.designer.worker"
_START_S = 120.0  # to import SymPy on a machine that is busy
_MOST_WAITING = 32
_QUIET = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class SupersededError(Exception):
    """A newer question of the same tab has taken this one's place."""


class BusyError(Exception):
    """Too many questions wait."""


class MathematicsError(Exception):
    """A bug in actgen; the text is the exception."""


class _End(Enum):
    """How a worker fails at a question."""

    EARLY = "ended before it began"
    SLOW = "took too long"
    MEMORY = "ran out of memory"
    GONE = "was ended from outside"


_Reply: TypeAlias = dict[str, Any] | _End


@dataclass(slots=True, eq=False)
class Question:
    """What to find out about a text.

    Attributes:
        kind: a key of `kinds.BLANK`.
        text: the spec.
        path: the name that findings give it.
        tab: who asks.
        more: what else is asked: further fields of `answers.Query`.
    """

    kind: str
    text: str
    path: str
    tab: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    answer: asyncio.Future[dict[str, Any]] = field(init=False)

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """Of questions that have this in common, only the newest waits."""
        return self.tab, self.kind, tuple(self.more.get("targets", ()))

    def request(self) -> dict[str, Any]:
        """What the worker gets."""
        return {"kind": self.kind, "text": self.text, "path": self.path, **self.more}


class Mathematician:
    """One warm worker process, and what waits for it.

    Args:
        limit_s: seconds that a question may take.
    """

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._waiting: dict[tuple[str, str, tuple[str, ...]], Question] = {}
        self._arrived = asyncio.Event()
        self._child: Child | None = None
        self._fresh = True
        self._current: Question | None = None
        self._work: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Starts the worker; it warms up meanwhile."""
        self._work = asyncio.create_task(self._serve())

    async def end(self) -> None:
        """Ends the worker; whoever waits gets `BusyError`."""
        if self._work is not None:
            self._work.cancel()
            with suppress(asyncio.CancelledError):
                await self._work
        for question in self._waiting.values():
            _fail(question, BusyError())
        self._waiting.clear()

    async def ask(self, question: Question) -> dict[str, Any]:
        """The answer; where the mathematics could not be finished it is a finding that says so.

        Raises:
            SupersededError: a newer question took its place.
            BusyError: too many wait.
            MathematicsError: there is a bug.
        """
        if (older := self._waiting.pop(question.key, None)) is not None:
            _fail(older, SupersededError())
        if len(self._waiting) >= _MOST_WAITING:
            raise BusyError
        question.answer = asyncio.get_running_loop().create_future()
        self._waiting[question.key] = question
        self._arrived.set()
        return await question.answer

    async def is_held_up(self, tab: str, patience_s: float) -> bool:
        """Whether it is at another tab's question for so long, or starts anew after a question."""
        current = self._current
        if current is None or (current.tab == tab and not current.answer.done()):
            return False
        await asyncio.wait([current.answer], timeout=patience_s)
        return self._current is current

    async def _serve(self) -> None:
        try:
            while True:
                with suppress(MathematicsError):  # the next question will say so
                    await self._warm()
                self._current = None
                await self._arrived.wait()
                if not self._waiting:
                    self._arrived.clear()
                    continue
                self._current = self._waiting.pop(next(iter(self._waiting)))
                try:
                    await self._settle(self._current)
                except MathematicsError as error:
                    _fail(self._current, error)
        finally:
            if self._current is not None:
                _fail(self._current, BusyError())
            await self._dismiss()

    async def _settle(self, question: Question) -> None:
        """Answers the question. One that another's leavings may have spoilt is tried once more by a fresh worker."""
        reply = await self._reply(question)
        if reply is _End.EARLY or (reply is _End.MEMORY and not self._fresh):
            await self._dismiss()
            reply = await self._reply(question)
        if isinstance(reply, _End):
            await self._dismiss()
        self._fresh = False
        if isinstance(reply, dict) and "bug" in reply:
            raise MathematicsError(reply["bug"])
        if not question.answer.done():  # else whoever asked has gone
            question.answer.set_result(reply["answer"] if isinstance(reply, dict) else self._failure(question, reply))

    async def _reply(self, question: Question) -> _Reply:
        child = await self._warm()
        await child.send(question.request())
        try:
            return await asyncio.wait_for(_listen(child), self._limit_s)
        except TimeoutError:
            return _End.SLOW

    async def _warm(self) -> Child:
        """The worker, started if there is none."""
        if self._child is None:
            self._child, self._fresh = await Child.start(_WORKER, **_QUIET), True
            try:
                ready = await asyncio.wait_for(self._child.receive(), _START_S)
            except TimeoutError:
                ready = None
            if ready is None:
                await self._dismiss()
                raise MathematicsError("the process for mathematics does not start")
        return self._child

    async def _dismiss(self) -> None:
        if self._child is not None:
            child, self._child = self._child, None
            await child.end()

    def _failure(self, question: Question, end: _End) -> dict[str, Any]:
        slow = end is _End.SLOW
        found = findings.stopped(question.path, self._limit_s) if slow else findings.broken(question.path, end.value)
        return {"diagnostics": findings.findings_json([found], question.text, question.path), **BLANK[question.kind]}


async def _listen(child: Child) -> _Reply:
    if await child.receive() is None:
        return _End.EARLY
    reply = await child.receive()
    if reply is None:
        return _End.GONE
    return _End.MEMORY if "memory" in reply else reply


def _fail(question: Question, error: Exception) -> None:
    if not question.answer.done():
        question.answer.set_exception(error)
