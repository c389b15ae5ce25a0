"""All that lives as long as the designer: the spec, the processes, the builds."""

from __future__ import annotations

import asyncio
from pathlib import Path

from actgen.designer.builds import Builds
from actgen.designer.document import Document
from actgen.designer.mathematics import Mathematician
from actgen.designer.scripts import Scripts

LIMIT_S = 10.0
"""Seconds that a question about a spec's mathematics may take, unless the user says otherwise."""


class Session:
    """One spec that is being designed.

    Two processes do mathematics, so that curves never wait for a search in somebody's source.

    Attributes:
        document: the spec's file.
        builds: what is built from it.
        scripts: what was compiled to JavaScript.
        first: answers what the page shows at once.
        second: answers the rest.
    """

    def __init__(self, document: Document, out: Path, limit_s: float = LIMIT_S) -> None:
        self.document = document
        self.scripts = Scripts()
        self.builds = Builds(Path(document.shown), out)
        self.first, self.second = Mathematician(limit_s), Mathematician(limit_s)
        self._ended = False

    def start(self) -> None:
        """Starts the processes."""
        self.first.start()
        self.second.start()

    async def end(self) -> None:
        """Ends every process, and whatever waits for one."""
        if not self._ended:
            self._ended = True
            await asyncio.gather(self.builds.cancel(), self.first.end(), self.second.end())
