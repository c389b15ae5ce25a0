"""A row of a table of properties."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A property and its value, both Markdown."""

    label: str
    value: str
