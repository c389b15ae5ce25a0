"""The command line: options in, text out."""

from actgen.cli.app import main, run

__all__ = ["main", "run"]
