"""How the analysis says that it cannot prove something."""

from __future__ import annotations


class UndecidedError(Exception):
    """The rules at hand do not decide this; says why."""
