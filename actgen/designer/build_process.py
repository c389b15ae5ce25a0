"""The process of one build: `python -m actgen.designer.build_process`. It says what it does, and may be ended any time.

The request is `{spec, out, targets, verify}`. The answers are events, as `builds.py` hands them on.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from actgen.designer.channel import Channel


def main() -> None:
    """Builds what it is asked to, once."""
    signal.signal(signal.SIGTERM, _end)
    channel = Channel(on_end=lambda: os.kill(os.getpid(), signal.SIGTERM))
    build(channel.request(), channel)


def build(request: dict[str, Any], channel: Channel) -> None:
    """Builds, and sends each stage as it begins, then the result."""
    from actgen.designer.findings import findings_json
    from actgen.pipeline import BuildResult
    from actgen.pipeline import build as build_specs

    spec = Path(request["spec"])

    def tell(result: BuildResult) -> None:
        shown = spec.read_bytes().decode(errors="replace")
        channel.send(
            {
                "event": "result",
                "outcome": result.outcome.value,
                "name": result.name,
                "folder": None if result.folder is None else result.folder.as_posix(),
                "diagnostics": findings_json(result.diagnostics, shown, str(spec)),
                "verified": None if result.verified is None else dict(result.verified),
                "written": list(result.written),
                "removed": list(result.removed),
            }
        )

    build_specs(
        [spec],
        Path(request["out"]),
        targets=request["targets"] or None,
        verify=request["verify"],
        on_result=tell,
        on_stage=lambda stage: channel.send({"event": "stage", "stage": stage.value}),
    )


def _end(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
