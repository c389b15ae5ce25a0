"""A row of a table of properties."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A property and its value, both in the markup that was asked for."""

    label: str
    value: str
