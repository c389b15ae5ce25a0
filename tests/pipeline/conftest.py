"""The fixtures that building needs."""

from spec_files import actgen, write

__all__ = ["actgen", "write"]
