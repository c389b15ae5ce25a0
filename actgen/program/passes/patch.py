"""Patches."""
from __future__ import annotations
def patched(piece, roots, derivation, points, mask, translate, hints):
    return roots
