"""`verify --exhaustive`: what is gone through, where it is kept how far a run has come, and where its figures go."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from actgen.emit.manifest import sha256
from actgen.emit.workspace import Workspace
from actgen.pipeline.finish import MEASURED
from actgen.pipeline.freshness import fingerprint, framework_versions

if TYPE_CHECKING:
    from actgen.verify.exhaustive.whole import OnPart, Whole

_FIRST = ("torch", "jax", "keras")
AREA = "exhaustive"


def whole_of(spec: Path, out: Path, targets: Sequence[str] | None, there: Sequence[str], on_part: OnPart) -> Whole:
    """The wish to go through all of float32.

    Args:
        spec: the spec.
        out: the output folder; states are kept in its hidden one.
        targets: with these frameworks; without any, with the first that is installed.
        there: whose files are there.
        on_part: see `Whole`.
    """
    from actgen.verify.children import missing, runners
    from actgen.verify.exhaustive.whole import Whole
    from actgen.verify.measured import machine

    first = [n for n in _FIRST if n in there and not missing(runners(n, False)[0])][:1]
    parts = [sha256(spec.read_bytes()), fingerprint(), framework_versions(), sys.version, machine()["cpu"]]
    key = json.dumps(parts, sort_keys=True)
    return Whole(tuple(targets or first), Workspace(out).area(AREA), key, on_part)


def keep_figures(folder: Path, text: str) -> None:
    """Replaces the folder's `measured.json` by figures of the same files.

    Raises:
        OSError: if it cannot be written.
    """
    path = folder / MEASURED
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
