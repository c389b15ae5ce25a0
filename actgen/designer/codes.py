"""The codes of what the designer says itself: about the process in which a spec's mathematics is done."""

from __future__ import annotations

CODES: dict[str, str] = {
    "ACT901": "in the designer: the mathematics of the spec took too long, and was stopped",
    "ACT902": "in the designer: the process that does the mathematics ran out of memory, or was ended from outside",
}
"""Code to meaning. `docs/CODES.md` lists this table, with what to do."""
