"""The codes of what is found while requirements are read and solved."""

from __future__ import annotations

CODES: dict[str, str] = {
    "ACT701": "a requirement that cannot be read",
    "ACT702": "a requirement on an output that the activation does not have, or that does not say which",
    "ACT703": "a parameter to solve for that the activation does not have",
    "ACT704": "an initial value by requirements that have several solutions, or leave parameters free",
    "ACT705": "no parameter values satisfy the requirements",
    "ACT706": "whether the requirements can be satisfied was not decided",
}
"""Code to meaning. `docs/CODES.md` lists this table, with what to do."""
