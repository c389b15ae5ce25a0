"""A process that the designer starts, seen from inside: lines of JSON come and go, and it ends with its parent."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from typing import Any, BinaryIO


class Channel:
    """Requests on standard input, answers on what was standard output; what else is printed goes to standard error.

    Args:
        on_end: called in a thread of its own when the parent has closed its end, or has gone.
    """

    def __init__(self, on_end: Callable[[], None]) -> None:
        self._out: BinaryIO = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        self._requests: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._on_end = on_end
        self._sending = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()

    def request(self) -> dict[str, Any]:
        """The next request; waits for it."""
        return self._requests.get()

    def send(self, answer: Mapping[str, Any]) -> None:
        """Sends one answer; any thread may."""
        with self._sending:
            self._out.write(json.dumps(answer).encode() + b"\n")
            self._out.flush()

    def _read(self) -> None:
        # Not `sys.stdin`: Python cannot close that at its end while a thread reads it.
        with os.fdopen(os.dup(sys.stdin.fileno()), "rb") as lines:
            for line in lines:
                self._requests.put(json.loads(line))
        self._on_end()
