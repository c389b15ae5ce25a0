"""The process that does the mathematics: `python -m actgen.designer.worker`. It is warm, and may be killed at any time.

It says `{"ready": true}` when it has imported what it needs. A request is `{kind, text, path}` and what
else `answers.Query` has; it is answered
by `{"began": true}`, and then by `{"answer": …}`, `{"memory": true}` or `{"bug": message}`.
"""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress
from typing import Any

from actgen.designer.channel import Channel

MEMORY = 2 << 30
"""Bytes that the process may address."""

_WARM = """\
actgen: 1
name: warm
parameters: {alpha: 1.5}
expression: Piecewise((x, x > 0), (alpha * (exp(x) - 1), True))
"""


def main() -> None:
    """Answers requests until the parent goes."""
    channel = Channel(on_end=lambda: os._exit(0))
    limit_memory(MEMORY)
    _warm_up()
    channel.send({"ready": True})
    while True:
        request = channel.request()
        channel.send({"began": True})
        channel.send(_reply(request))


def limit_memory(size: int) -> None:
    """Makes an allocation past `size` bytes fail in this process, where the system can do that."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _warm_up() -> None:
    """Goes the whole way once, so that everything is imported and the first formula waits for nothing."""
    from actgen.designer.answers import answer

    for kind in ("draw", "mathematics", "compile", "sources"):
        answer(kind, _WARM, "warm.yaml")


def _reply(request: dict[str, Any]) -> dict[str, Any]:
    from actgen.designer.answers import answer

    try:
        return {"answer": answer(**request)}
    except MemoryError:
        return {"memory": True}
    except Exception as error:  # a bug in actgen, which must not end the session; the terminal has the traceback
        traceback.print_exc()
        return {"bug": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    sys.exit(main())
