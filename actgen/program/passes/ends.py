"""Ends."""
from __future__ import annotations
def finished(output, roots, derivation, points):
    return roots
