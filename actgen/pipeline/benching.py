"""`bench`: times a spec's PyTorch file against its peers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from actgen.diagnostics import Diagnostic
from actgen.pipeline.checking import lacking

if TYPE_CHECKING:
    from actgen.bench.request import Wanted
    from actgen.bench.running import Line


def bench(spec: Path, out: Path, wanted: Wanted) -> Iterator[Line | Diagnostic]:
    """What the timing process of one spec says, or the findings that keep it from starting.

    Args:
        spec: the spec file; its folder is built.
        out: the output folder.
        wanted: what to time.

    Raises:
        BenchError: the process failed.
    """
    from actgen.bench.request import request_for
    from actgen.bench.running import lines
    from actgen.pipeline.requiring import read_resolved

    activation, findings = read_resolved(spec)
    if activation is None:
        yield from findings
        return
    module = out / activation.name / f"{activation.name}_torch.py"
    if not module.is_file():
        yield lacking(out / activation.name, activation.name, "torch")
        return
    yield from lines(request_for(activation, module, wanted), out)
