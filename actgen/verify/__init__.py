"""Checks of what was written, against exact arithmetic and the frameworks themselves."""
