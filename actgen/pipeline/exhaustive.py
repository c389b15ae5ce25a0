"""`verify --exhaustive`: what is gone through, and where it is kept how far a run has come."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from actgen.emit.manifest import sha256
from actgen.emit.workspace import Workspace
from actgen.pipeline.freshness import fingerprint, framework_versions

if TYPE_CHECKING:
    from actgen.verify.exhaustive.whole import OnPart, Whole

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
    from actgen.verify.exhaustive.whole import Whole
    from actgen.verify.frameworks import first_installed
    from actgen.verify.measured import machine

    parts = [sha256(spec.read_bytes()), fingerprint(), framework_versions(), sys.version, machine()["cpu"]]
    key = json.dumps(parts, sort_keys=True)
    return Whole(tuple(targets or first_installed(there)), Workspace(out).area(AREA), key, on_part)
