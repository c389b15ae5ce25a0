"""A process that the designer starts, seen from outside: how it is started, talked to and ended."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import actgen

_LONGEST_LINE = 1 << 27  # bytes; the source of a large activation in all frameworks has about 1 MiB


class Child:
    """A running module of actgen, at the head of a group of its own, so that a Ctrl-C does not reach it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, module: str, **environment: str) -> Child:
        """Starts the module, with this process's environment and what is added to it.

        The current folder is not searched for modules: a `sympy.py` beside a spec is none of ours.
        """
        search = os.pathsep.join(filter(None, (str(Path(actgen.__file__).parents[1]), os.environ.get("PYTHONPATH"))))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", module),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LONGEST_LINE,
            env={**os.environ, "PYTHONPATH": search, **environment},
            start_new_session=True,
        )
        return cls(process)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    async def send(self, request: Mapping[str, Any]) -> None:
        """Sends a request; one that has ended does not hear it."""
        assert self._process.stdin is not None
        with suppress(ConnectionError):
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            await self._process.stdin.drain()

    async def receive(self) -> dict[str, Any] | None:
        """The next answer; None if the process has ended."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    async def status(self) -> int:
        """How the process ended; waits for that."""
        return await self._process.wait()

    async def end(self, patience_s: float = 0.0) -> None:
        """Ends the process and what it has started.

        Args:
            patience_s: how long it may take to tidy up after a SIGTERM, before it is killed.
        """
        if patience_s:
            self._signal(signal.SIGTERM)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), patience_s)
        self._signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, number)
            elif self._process.returncode is None:
                self._process.terminate()
