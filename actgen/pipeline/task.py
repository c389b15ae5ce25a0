"""What a build is asked to make of one spec."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actgen.formats import Composite


@dataclass(frozen=True, slots=True)
class Task:
    """What to make: the spec, a staging folder of its own (None: only render), and the options of the build.

    `out` holds what an earlier build left.
    """

    spec: Path
    stage: Path | None
    targets: tuple[str, ...] | None
    verify: bool
    require: tuple[str, ...]
    composite: Composite = "float64"
    out: Path = Path("generated")
