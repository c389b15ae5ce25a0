"""Rewrites of a Program, one file a pass."""
