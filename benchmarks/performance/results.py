"""What was measured, as it is kept: a part for each device."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

DEVICES = {"cpu": "CPU", "cuda": "GPU"}
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """A number that a process of its own found, and what a peer has, in words."""

    value: float
    peer: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One device's figures.

    Attributes:
        facts: about the machine, by title.
        rows: a candidate's times each.
        figures: other numbers, by key.
        missing: why something was not measured: by key of a figure, or framework, or framework and subject.
        certificates: by subject, what is known of the accuracy of the kernel that was timed.
    """

    facts: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    figures: Mapping[str, Found] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    certificates: Mapping[str, str] = field(default_factory=dict)

    def of(self, **wanted: object) -> list[Row]:
        """The rows that have these cells."""
        return [row for row in self.rows if all(row.get(key) == value for key, value in wanted.items())]


Parts = Mapping[str, Part]


def read(path: Path) -> dict[str, Part]:
    """The parts in a file, none where there is no file."""
    if not path.is_file():
        return {}
    return {device: _part(content) for device, content in json.loads(path.read_text(encoding="utf-8")).items()}


def write(path: Path, parts: Parts) -> None:
    """Writes the file, a row a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    devices = [f"{json.dumps(device)}: {_text(part)}" for device, part in parts.items()]
    path.write_text("{\n" + ",\n".join(devices) + "\n}\n", encoding="utf-8")


def _text(part: Part) -> str:
    content = {**asdict(part), "rows": []}
    rows = ",\n".join(f"  {json.dumps(row)}" for row in part.rows)
    return json.dumps(content, indent=1, ensure_ascii=False).replace('"rows": []', f'"rows": [\n{rows}\n ]')


def _part(content: Mapping[str, Any]) -> Part:
    figures = {key: Found(**found) for key, found in content["figures"].items()}
    return Part(**{**content, "rows": tuple(content["rows"]), "figures": figures})


def ordered(rows: Iterable[Row], key: str) -> list[Any]:
    """The different values in a column, in the order in which they come."""
    return list(dict.fromkeys(row[key] for row in rows))
