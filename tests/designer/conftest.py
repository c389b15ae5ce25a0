"""The fixtures that the designer's tests need."""

from designers import client, page, run, session, spec
from spec_files import actgen

__all__ = ["actgen", "client", "page", "run", "session", "spec"]
