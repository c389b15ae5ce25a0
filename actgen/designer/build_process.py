"""The process of one build: `python -m actgen.designer.build_process`. It says what it does, and may be ended any time
before it puts its files in place.

The request is `{spec, out, targets, verify}`. The answers are events, as `builds.py` hands them on.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from actgen.designer.channel import Channel

if TYPE_CHECKING:
    from actgen.pipeline import BuildResult
    from actgen.pipeline.progress import Part
    from actgen.pipeline.results import Stage


def main() -> None:
    """Builds what it is asked to, once."""
    signal.signal(signal.SIGTERM, _end)
    channel = Channel(on_end=lambda: os.kill(os.getpid(), signal.SIGTERM))
    build(channel.request(), channel)


def build(request: dict[str, Any], channel: Channel) -> None:
    """Builds, and sends each stage as it begins, what comes of each target, then the result."""
    from actgen.designer.findings import findings_json
    from actgen.pipeline import build as build_specs
    from actgen.pipeline.results import Stage

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
                "usage": _usage(result),
            }
        )

    def on_stage(news: Stage | Part) -> None:
        if news is Stage.INSTALLING:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)  # from here on there will be a result, and it is told
        channel.send(_event(news))

    build_specs(
        [spec],
        Path(request["out"]),
        targets=request["targets"] or None,
        verify=request["verify"],
        on_result=tell,
        on_stage=on_stage,
    )


def _event(news: Stage | Part) -> dict[str, Any]:
    from actgen.pipeline.results import Stage

    if isinstance(news, Stage):
        return {"event": "stage", "stage": news.value}
    return {"event": "part", "stage": news.stage.value, "name": news.name, "state": news.state, "words": news.words}


def _usage(result: BuildResult) -> list[dict[str, str]]:
    """How each framework's file is imported and called; nothing where there is no such file."""
    from actgen.backends.base import backend_names, file_name
    from actgen.docs.usage import lines
    from actgen.spec.reader import read_path

    activation, _ = read_path(result.spec)
    if activation is None or not result.ok or result.folder is None:
        return []
    there = [name for name in backend_names() if (result.folder / file_name(activation.name, name)).is_file()]
    return [{"framework": u.framework, "imported": u.imported, "called": u.called} for u in lines(activation, there)]


def _end(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
