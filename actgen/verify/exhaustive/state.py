"""How far a run has come, and what it has found so far: a file for each activation and runner."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from actgen.verify.report import Cell, Excused, Level
from actgen.whole_file import replace_text


@dataclass(frozen=True, slots=True)
class State:
    """What a run has come to.

    Attributes:
        key: changes with whatever could change the result.
        done: how many chunks are judged, from the first on.
        seconds: that they took.
        cells: their figures, merged.
    """

    key: str
    done: int = 0
    seconds: float = 0.0
    cells: tuple[Cell, ...] = field(default=())


def load(path: Path, key: str) -> State:
    """What an earlier run has left, if it was of the same; else a new beginning."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        state = State(found["key"], found["done"], found["seconds"], tuple(map(_cell, found["cells"])))
    except (OSError, ValueError, KeyError, TypeError):
        return State(key)
    return state if state.key == key else State(key)


def save(path: Path, state: State) -> None:
    """Replaces the file by a whole one.

    Raises:
        OSError: if it cannot be written.
    """
    cells = [asdict(replace(cell, course=None)) | {"level": cell.level.value} for cell in state.cells]
    text = json.dumps({"key": state.key, "done": state.done, "seconds": state.seconds, "cells": cells}, indent=1)
    replace_text(path, text)


def _cell(content: Mapping[str, Any]) -> Cell:
    return Cell(
        **{
            **content,
            "edge": None if content["edge"] is None else Excused(**content["edge"]),
            "excused": tuple(Excused(**e) for e in content["excused"]),
            "level": Level(content["level"]),
            "histogram": tuple(content["histogram"]),
        }
    )
